// The map works as links without this. With it: what lies up- and downstream of a system lights up,
// arrow keys walk from neighbour to neighbour, and the picture can be enlarged and dragged.
const svg = document.querySelector("#map svg.map");
if (svg) {
  const box = svg.closest(".drawing");
  const tools = document.querySelector("#map .drawing-tools");
  const nodes = new Map([...svg.querySelectorAll(".map-node")].map((node) => [node.dataset.key, node]));
  const edges = [...svg.querySelectorAll(".map-edge")];
  const needs = new Map([...nodes.keys()].map((key) => [key, []]));
  const neededBy = new Map([...nodes.keys()].map((key) => [key, []]));
  for (const edge of edges) {
    needs.get(edge.dataset.from).push(edge);
    neededBy.get(edge.dataset.to).push(edge);
  }

  // --- light up -----------------------------------------------------------------------------

  const follow = (key, table, end, lit) => {
    const seen = new Set([key]);
    for (const one of seen) {
      for (const edge of table.get(one)) {
        lit.add(edge);
        seen.add(edge.dataset[end]);
      }
    }
    for (const one of seen) lit.add(nodes.get(one));
  };

  const point = (key) => {
    const lit = new Set();
    if (key !== null) {
      follow(key, needs, "to", lit);
      follow(key, neededBy, "from", lit);
    }
    svg.classList.toggle("is-pointing", key !== null);
    for (const part of [...nodes.values(), ...edges]) part.classList.toggle("is-lit", lit.has(part));
  };

  const keyAt = (target) => target.closest?.(".map-node")?.dataset.key ?? target.querySelector?.(".map-node")?.dataset.key ?? null;
  svg.addEventListener("pointerover", (event) => point(event.target.closest(".map-node") ? keyAt(event.target) : null));
  svg.addEventListener("pointerleave", () => point(null));
  svg.addEventListener("focusin", (event) => point(keyAt(event.target)));
  svg.addEventListener("focusout", () => point(null));

  // --- arrow keys: up and down along the dependencies, left and right within the row ---------

  const centre = (node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  };

  const nearest = (from, others) => {
    const here = centre(from);
    const distance = (other) => Math.hypot(centre(other).x - here.x, centre(other).y - here.y);
    return others.toSorted((a, b) => distance(a) - distance(b))[0];
  };

  const beside = (from, direction) => {
    const here = centre(from);
    return [...nodes.values()].filter((other) => {
      const there = centre(other);
      return Math.abs(there.y - here.y) < 4 && Math.sign(there.x - here.x) === direction;
    });
  };

  const step = {
    ArrowDown: (node) => needs.get(node.dataset.key).map((edge) => nodes.get(edge.dataset.to)),
    ArrowUp: (node) => neededBy.get(node.dataset.key).map((edge) => nodes.get(edge.dataset.from)),
    ArrowLeft: (node) => beside(node, -1),
    ArrowRight: (node) => beside(node, 1),
  };

  svg.addEventListener("keydown", (event) => {
    const node = nodes.get(keyAt(event.target));
    if (!node || !step[event.key]) return;
    event.preventDefault();
    nearest(node, step[event.key](node))?.closest("a")?.focus();
  });

  // --- size: the width of the picture, the box scrolls ----------------------------------------

  const { width, height } = svg.viewBox.baseVal;
  const smallest = 0.15;
  const largest = 4;
  let scale = 1;

  const resize = (wanted, at = { x: box.clientWidth / 2, y: box.clientHeight / 2 }) => {
    const next = Math.min(largest, Math.max(smallest, wanted));
    const left = ((box.scrollLeft + at.x) * next) / scale - at.x;
    const top = ((box.scrollTop + at.y) * next) / scale - at.y;
    scale = next;
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    box.scrollTo(left, top);
  };
  const fit = () => resize(Math.min(1, box.clientWidth / width));

  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const wish = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (wish === "in") resize(scale * 1.25);
    if (wish === "out") resize(scale / 1.25);
    if (wish === "fit") fit();
    if (wish === "full") resize(1);
  });
  box.addEventListener("keydown", (event) => {
    const wish = { "+": scale * 1.25, "-": scale / 1.25 }[event.key];
    if (event.key === "0") fit();
    else if (wish) resize(wish);
    else return;
    event.preventDefault();
  });
  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const frame = box.getBoundingClientRect();
      resize(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1), { x: event.clientX - frame.x, y: event.clientY - frame.y });
    },
    { passive: false },
  );

  // --- drag with a mouse; fingers scroll by themselves ----------------------------------------

  let grip = null;
  let moved = false;
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    grip = { x: event.clientX + box.scrollLeft, y: event.clientY + box.scrollTop, startX: event.clientX, startY: event.clientY };
    moved = false;
  });
  addEventListener("pointermove", (event) => {
    if (!grip) return;
    moved ||= Math.hypot(event.clientX - grip.startX, event.clientY - grip.startY) > 4;
    if (!moved) return;
    box.classList.add("is-grabbed");
    box.scrollTo(grip.x - event.clientX, grip.y - event.clientY);
  });
  addEventListener("pointerup", () => {
    grip = null;
    box.classList.remove("is-grabbed");
  });
  box.addEventListener("dragstart", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    if (moved) event.preventDefault();
    moved = false;
  }, { capture: true });

  if (width > box.clientWidth && width < box.clientWidth * 1.8) fit();
  const focus = svg.querySelector(".map-focus");
  if (focus) {
    const { x, y } = centre(focus);
    const frame = box.getBoundingClientRect();
    box.scrollTo(x - frame.x - box.clientWidth / 2, y - frame.y - box.clientHeight / 2);
  }
}

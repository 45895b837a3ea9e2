// Lights up what a system needs and who needs it, all the way, while it is pointed at or has the
// focus. The drawing may be replaced at any time, so everything is looked up when it is needed.
const stage = document.querySelector("#map");
let pointed = null;

const follow = (edges, start, here, there, lit) => {
  const seen = new Set([start]);
  for (const key of seen) {
    lit.add(key);
    for (const edge of edges) {
      if (edge.dataset[here] !== key) continue;
      lit.add(edge);
      seen.add(edge.dataset[there]);
    }
  }
};

const point = (key) => {
  if (key === pointed) return;
  pointed = key;
  const svg = stage.querySelector("svg.map");
  const edges = [...svg.querySelectorAll(".map-edge, .map-label")];
  const counted = edges.filter((edge) => !edge.matches(".map-proposed"));
  const lit = new Set(); // edges themselves, and keys of systems
  if (key !== null) {
    follow(counted, key, "from", "to", lit);
    follow(counted, key, "to", "from", lit);
    // A proposal leads nowhere yet: it is shown at its own two ends alone.
    for (const edge of edges) if ([edge.dataset.from, edge.dataset.to].includes(key)) lit.add(edge);
  }
  svg.classList.toggle("is-pointing", key !== null);
  for (const edge of edges) edge.classList.toggle("is-lit", lit.has(edge));
  for (const node of svg.querySelectorAll(".map-node")) node.classList.toggle("is-lit", lit.has(node.dataset.key));
};

const keyAt = (element) => {
  const node = element?.closest(".map-node") ?? element?.closest("svg.map a")?.querySelector(".map-node");
  return node?.dataset.key ?? null;
};
const focused = () => keyAt(stage.contains(document.activeElement) ? document.activeElement : null);

stage.addEventListener("pointerover", (event) => point(keyAt(event.target) ?? focused()));
stage.addEventListener("pointerleave", () => point(focused()));
stage.addEventListener("focusin", () => point(focused()));
stage.addEventListener("focusout", () => point(null));
document.addEventListener("map:drawn", () => {
  pointed = null;
  point(focused());
});

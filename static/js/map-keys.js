// Arrow keys walk over the map: along a line to the nearest system that way, or, where no line leads
// that way, to the nearest system there. Rows are what lies above, below and beside each other.
const stage = document.querySelector("#map");
stage.querySelector(".drawing-help").hidden = false;

const placed = (node) => {
  const { x, y, width, height } = node.querySelector(".map-box").getBoundingClientRect();
  return { node, x: x + width / 2, y: y + height / 2, height };
};

const lies = {
  ArrowUp: (here, there) => there.y < here.y - here.height / 2,
  ArrowDown: (here, there) => there.y > here.y + here.height / 2,
  ArrowLeft: (here, there) => Math.abs(there.y - here.y) <= here.height / 2 && there.x < here.x,
  ArrowRight: (here, there) => Math.abs(there.y - here.y) <= here.height / 2 && there.x > here.x,
};

const joined = (svg, key) => {
  const keys = new Set();
  for (const { dataset } of svg.querySelectorAll(".map-edge")) {
    if (dataset.from === key) keys.add(dataset.to);
    if (dataset.to === key) keys.add(dataset.from);
  }
  return keys;
};

const neighbour = (svg, node, direction) => {
  const here = placed(node);
  const distance = (there) => Math.hypot(there.x - here.x, there.y - here.y);
  const there = [...svg.querySelectorAll(".map-node")]
    .map(placed)
    .filter((one) => one.node !== node && lies[direction](here, one))
    .toSorted((one, other) => distance(one) - distance(other));
  const keys = joined(svg, node.dataset.key);
  return (there.find((one) => keys.has(one.node.dataset.key)) ?? there[0])?.node;
};

stage.addEventListener("keydown", (event) => {
  if (!(event.key in lies) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const svg = event.target.closest("svg.map");
  const node = svg && event.target.closest("a")?.querySelector(".map-node");
  if (!node) return;
  event.preventDefault();
  neighbour(svg, node, event.key)?.closest("a")?.focus();
});

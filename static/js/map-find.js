// Finds systems on the map by whatever is said of them: name, kind, site, standing. Enter goes to the
// first of them, and from there to the next.
const stage = document.querySelector("#map");
const form = stage.querySelector(".drawing-find");
const field = form.querySelector("input");
const count = form.querySelector("output");
const ISOLATES = /[\u2066-\u2069]/g;

const folded = (text) => text.replace(ISOLATES, "").toLowerCase();
const hits = () => {
  const wanted = folded(field.value.trim());
  if (!wanted) return [];
  const nodes = [...stage.querySelectorAll("svg.map .map-node")];
  return nodes.filter((node) => folded(node.querySelector("title").textContent).includes(wanted));
};

const mark = () => {
  const found = new Set(hits());
  for (const node of stage.querySelectorAll("svg.map .map-node")) node.classList.toggle("is-found", found.has(node));
  const said = found.size ? count.dataset.some.replace("{count}", found.size) : count.dataset.none;
  count.textContent = field.value.trim() ? said : "";
  return [...found];
};

let next = 0;
form.hidden = false;
form.addEventListener("input", () => {
  next = 0;
  mark()[0]?.scrollIntoView({ block: "nearest", inline: "nearest" });
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const found = mark();
  if (!found.length) return;
  found[next % found.length].closest("a")?.focus();
  next += 1;
});
document.addEventListener("map:drawn", mark);

// Only from the map: who dictates or slips elsewhere on the page means something else.
stage.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "f" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
  field.select();
});

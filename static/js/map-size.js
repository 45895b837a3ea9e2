// Makes the drawing larger and smaller, by button, key, wheel and two fingers, and drags it with the
// mouse. The box scrolls; its picture may be replaced at any time and keeps the size it had.
const stage = document.querySelector("#map");
const box = stage.querySelector(".drawing");
const tools = stage.querySelector(".drawing-tools");
const SMALLEST = 0.15;
const LARGEST = 4;
const STEP = 1.25;
let scale = 1;

const picture = () => {
  const svg = box.querySelector("svg.map");
  return { svg, ...{ width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height } };
};

const draw = () => {
  const { svg, width, height } = picture();
  svg.setAttribute("width", width * scale);
  svg.setAttribute("height", height * scale);
};

const resize = (wanted, at = { x: box.clientWidth / 2, y: box.clientHeight / 2 }) => {
  const next = Math.min(LARGEST, Math.max(SMALLEST, wanted));
  const left = ((box.scrollLeft + at.x) * next) / scale - at.x;
  const top = ((box.scrollTop + at.y) * next) / scale - at.y;
  scale = next;
  draw();
  box.scrollTo(left, top);
};
const fit = () => resize(Math.min(1, box.clientWidth / picture().width));

tools.hidden = false;
tools.addEventListener("click", (event) => {
  const wish = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (wish === "in") resize(scale * STEP);
  if (wish === "out") resize(scale / STEP);
  if (wish === "fit") fit();
  if (wish === "full") resize(1);
});
box.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const wish = { "+": scale * STEP, "-": scale / STEP }[event.key];
  if (event.key === "0") fit();
  else if (wish) resize(wish);
  else return;
  event.preventDefault();
});
document.addEventListener("map:drawn", draw);

// --- wheel with Ctrl, two fingers -----------------------------------------------------------

const inBox = (x, y) => {
  const frame = box.getBoundingClientRect();
  return { x: x - frame.x, y: y - frame.y };
};
box.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    resize(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1), inBox(event.clientX, event.clientY));
  },
  { passive: false },
);

let pinch = null;
const spread = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
box.addEventListener(
  "touchstart",
  (event) => {
    pinch = event.touches.length === 2 ? { scale, spread: spread(event.touches) } : null;
  },
  { passive: true },
);
box.addEventListener(
  "touchmove",
  (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const [one, other] = event.touches;
    const middle = inBox((one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2);
    resize((pinch.scale * spread(event.touches)) / pinch.spread, middle);
  },
  { passive: false },
);

// --- drag with a mouse; one finger scrolls by itself ------------------------------------------

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
// The end of a drag is not a click on the system it ends on.
box.addEventListener("click", (event) => {
  if (moved) {
    event.preventDefault();
    event.stopPropagation();
  }
  moved = false;
}, { capture: true });

// --- at first: all of it if that can be read, else the system in the middle -------------------

const { width } = picture();
if (width > box.clientWidth && width < box.clientWidth * 1.34) fit(); // smaller than three quarters nobody reads it
const middle = box.querySelector(".map-focus")?.getBoundingClientRect();
if (middle) {
  const { x, y } = inBox(middle.x + middle.width / 2, middle.y + middle.height / 2);
  box.scrollBy(x - box.clientWidth / 2, y - box.clientHeight / 2);
}

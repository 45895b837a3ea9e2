// Ticking rows of a list: all at once, and how many. The list may be drawn anew at any time, so
// everything is looked up when it is needed.
const boxes = () => [...document.querySelectorAll('input[form="bulk"][name="keys"]')];

function show() {
  const button = document.querySelector("[data-tick-all]");
  if (!button) return;
  button.hidden = false;
  const ticked = boxes().filter((box) => box.checked).length;
  document.querySelector("[data-ticked]").textContent = ticked ? `✓ ${ticked}` : "";
  for (const place of document.querySelectorAll("[data-tick-count]")) {
    place.textContent = ticked ? `\u00a0(${ticked})` : "";
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  const all = boxes();
  const tick = all.some((box) => !box.checked);
  for (const box of all) box.checked = tick;
  all[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  if (event.target.matches('input[form="bulk"]')) show();
});
document.addEventListener("htmx:afterSettle", show);
show();

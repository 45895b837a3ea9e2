// Opens the facts of a system beside the map instead of on a page of their own. What the panel holds
// are the pages of that address without their frame; when one of them knows more than the drawing
// does, the drawing and the tables are fetched anew, while size, place and focus stay.
const stage = document.querySelector("#map");
const panel = stage.querySelector("#map-panel");
const content = panel.querySelector("#map-panel-content");
const waits = panel.querySelector(".panel-waits");
const fault = panel.querySelector(".panel-fault");
const said = stage.querySelector("#map-said");
const box = stage.querySelector(".drawing");
const RENEWED_WITHIN = 30_000; // milliseconds

let opened = null; // the key of the system whose link was followed
let typed = false; // something in the panel would be lost
let asked = null; // the latest request: its verb and address
let again = null; // what "Try again" does
let renewals = 0;

const linkOf = (key) => box.querySelector(`.map-node[data-key="${CSS.escape(key)}"]`)?.closest("a");
const mark = () => {
  for (const link of box.querySelectorAll("svg.map a")) {
    const isOpen = link.querySelector(".map-node").dataset.key === opened;
    link.querySelector(".map-node").classList.toggle("is-open", isOpen);
    if (isOpen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};
// What is being sent is waited for: nobody knows yet whether it was written.
const isSending = () => content.hasAttribute("aria-busy") && asked.verb !== "get";
const mayLeave = () => !isSending() && (!typed || window.confirm(panel.dataset.unsaved));

// --- open and close ---------------------------------------------------------------------------

const load = (address) => window.htmx.ajax("GET", address, { source: content, target: content, swap: "innerHTML show:none" });

const open = (link) => {
  opened = link.querySelector(".map-node").dataset.key;
  typed = false;
  window.htmx.trigger(content, "htmx:abort");
  content.replaceChildren();
  panel.hidden = false;
  mark();
  // The drawing became narrower, and on a phone the panel lies over the page.
  box.parentElement.scrollIntoView({ block: "nearest" });
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
  load(link.getAttribute("href"));
};

const close = () => {
  if (!mayLeave()) return;
  window.htmx.trigger(content, "htmx:abort");
  typed = false;
  panel.hidden = true;
  content.replaceChildren();
  (linkOf(opened) ?? box).focus();
  opened = null;
  said.textContent = "";
  mark();
};

box.addEventListener("click", (event) => {
  const link = event.target.closest("svg.map a");
  if (!link?.getAttribute("href").startsWith(panel.dataset.panels)) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (mayLeave()) open(link);
});
panel.querySelector("[data-close]").addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  const isElsewhere = event.target.closest(".drawing-find, details.menu");
  if (event.key === "Escape" && !panel.hidden && !isElsewhere) close();
});
content.addEventListener("input", () => {
  typed = true;
});

// --- what is under way, and what went wrong -----------------------------------------------------

const fail = (words, retry, address = "") => {
  fault.querySelector("[data-words]").textContent = words;
  again = retry;
  fault.querySelector("[data-again]").hidden = !retry;
  fault.querySelector("a").hidden = !address;
  fault.querySelector("a").href = address;
  fault.hidden = false;
};
// What was only asked for can be asked for again; a form that was sent is still there to be sent.
const unanswered = (words) => {
  if (asked.verb === "get") fail(words, () => load(asked.path), asked.path);
  else fail(words, null);
};
panel.querySelector("[data-again]").addEventListener("click", () => {
  fault.hidden = true;
  again();
});

content.addEventListener("htmx:beforeRequest", ({ detail }) => {
  asked = { verb: detail.requestConfig.verb, path: detail.pathInfo.finalRequestPath };
  fault.hidden = true;
  waits.hidden = false;
  content.setAttribute("aria-busy", "true");
});
content.addEventListener("htmx:afterRequest", () => {
  waits.hidden = true;
  content.removeAttribute("aria-busy");
});
content.addEventListener("htmx:timeout", () => unanswered(said.dataset.slow));
content.addEventListener("htmx:sendError", () => unanswered(said.dataset.lost));
content.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  if (page.querySelector(".panel-part")) {
    event.detail.shouldSwap = true; // refused forms too: they say what is wrong
    event.detail.isError = false;
    return;
  }
  event.detail.shouldSwap = false;
  if (xhr.status < 400) window.location.assign(xhr.responseURL);
  const refusal = [...page.querySelectorAll("#main > h1, #main > .lead")].map((one) => one.textContent.trim());
  unanswered(refusal.join(". ") || said.dataset.failed);
  if (xhr.status === 404) renew([]); // the drawing still shows what is gone
});

// --- after an answer ----------------------------------------------------------------------------

// At once, not when it has settled: one may be typing by then.
content.addEventListener("htmx:afterSwap", () => {
  typed = false;
});
content.addEventListener("htmx:afterSettle", () => {
  const part = content.querySelector(".panel-part");
  (part.querySelector("[autofocus]") ?? part.querySelector("h2")).focus({ preventScroll: true });
  panel.scrollTop = 0;
  const done = [...part.querySelectorAll("[data-said]")].map((one) => one.textContent);
  said.textContent = done.join(" ");
  if (Number(part.dataset.state) > Number(panel.dataset.state)) renew(done);
});

const renew = async (done) => {
  const number = ++renewals;
  const anchor = opened && linkOf(opened)?.getBoundingClientRect();
  try {
    const response = await fetch(window.location.href, { signal: AbortSignal.timeout(RENEWED_WITHIN) });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (number !== renewals) return;
    replace(page);
    const now = opened && linkOf(opened)?.getBoundingClientRect();
    if (anchor && now) box.scrollBy(now.x - anchor.x, now.y - anchor.y);
    said.textContent = [...done, said.dataset.renewed].join(" ");
  } catch {
    if (number === renewals) fail(said.dataset.stale, () => renew([]));
  }
};

const replace = (page) => {
  const focused = box.contains(document.activeElement) && document.activeElement.querySelector(".map-node")?.dataset.key;
  for (const part of document.querySelectorAll("[data-anew]")) {
    part.replaceChildren(...page.getElementById(part.id).childNodes);
  }
  panel.dataset.state = page.getElementById("map-panel").dataset.state;
  mark();
  document.dispatchEvent(new CustomEvent("map:drawn"));
  if (focused) linkOf(focused)?.focus();
};

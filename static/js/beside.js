// Opens the reasons of a figure beside the page they were asked on; without it they are a page.
const dialog = document.getElementById("beside");
const answer = document.getElementById("beside-answer");

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-beside]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  answer.replaceChildren();
  await window.htmx.ajax("GET", link.href, { target: answer, swap: "innerHTML" });
  if (answer.childElementCount) dialog.showModal();
  else window.location.assign(link.href);
});

// A click beside the dialog closes it, as the Escape key does.
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

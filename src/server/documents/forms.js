// A form that the browser itself sends, until the app has arrived, is not sent twice; but for one that is answered with a
// file, after which the page stays.
addEventListener("submit", (event) => {
  if (event.target.ariaBusy) event.preventDefault();
}, true);
addEventListener("submit", (event) => {
  if (event.defaultPrevented || "download" in event.target.dataset) return;
  event.target.ariaBusy = "true";
  const button = event.target.querySelector("[data-busy]");
  if (button) button.textContent = button.dataset.busy;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

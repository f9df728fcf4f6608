// Until the app has arrived a form is sent by the browser itself; this keeps it from being sent twice.
addEventListener("submit", (event) => {
  if (event.target.ariaBusy) event.preventDefault();
}, true);
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  event.target.ariaBusy = "true";
  const button = event.target.querySelector("[data-busy]");
  if (button) button.textContent = button.dataset.busy;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

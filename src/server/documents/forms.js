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

// WebOTP: where the browser has it, it offers the code of a message whose last line names this site. The field has the focus as
// soon as it is shown.
const awaitMessage = async (field) => {
  if (!("OTPCredential" in window) || field?.autocomplete !== "one-time-code" || field.dataset.awaits) return;
  field.dataset.awaits = "message";
  const ended = new AbortController();
  field.form.addEventListener("submit", () => ended.abort(), { once: true });
  const wanted = { otp: { transport: ["sms"] }, signal: ended.signal };
  // Whoever types the code, or declines the offer, ends the wait.
  const message = await navigator.credentials.get(wanted).catch(() => null);
  if (!message || !field.isConnected) return;
  field.value = message.code;
  // The app sends the form when the code is complete.
  if ("hydrated" in document.documentElement.dataset) field.dispatchEvent(new Event("input", { bubbles: true }));
  else field.form.requestSubmit();
};
addEventListener("focusin", ({ target }) => awaitMessage(target));
awaitMessage(document.activeElement);

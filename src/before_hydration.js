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

// The page is there without the app, so the app may neither delay it nor keep its processor busy: it is loaded when the page
// is idle, or first touched.
let started = false;
const start = async () => {
  if (started) return;
  started = true;
  const app = fetch(wasm);
  const { default: init, hydrate } = await import(js);
  await init({ module_or_path: app });
  // A task of its own, so that a touch in between is answered.
  await new Promise((go) => setTimeout(go));
  hydrate();
  document.documentElement.dataset.hydrated = "";
};
for (const touch of ["pointerdown", "pointermove", "keydown"]) addEventListener(touch, start, { once: true });
addEventListener("load", () => "requestIdleCallback" in window ? requestIdleCallback(start) : setTimeout(start, 200));

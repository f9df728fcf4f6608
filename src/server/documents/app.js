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

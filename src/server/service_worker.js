// Without a connection, a page is answered with one that was kept while there was a connection. That has the invite code of
// whoever is logged in, and is fetched anew when this may have changed: after each form, and when the profile is opened.
const KEPT = "offline", PAGE = "/offline", READS_PAGES = "/api/page";

const keep = async () => {
  const page = await fetch(PAGE);
  if (!page.ok) return;
  const styles = (await page.clone().text()).matchAll(/href="(\/pkg\/[^"]+\.css)"/g);
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await cache.put(PAGE, page);
  await cache.addAll(Array.from(styles, ([, path]) => path));
};

const kept = async (wanted) => (await caches.match(wanted)) ?? Response.error();

const page = async (event) => {
  const answer = await fetch(event.request);
  if (new URL(event.request.url).pathname === "/profile") event.waitUntil(keep().catch(() => {}));
  return answer;
};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});
addEventListener("activate", (event) => {
  event.waitUntil(clients.claim());
});
addEventListener("fetch", (event) => {
  const { method, mode, destination, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || pathname.startsWith("/admin") || pathname === READS_PAGES) return;
  if (method === "POST") {
    const answer = fetch(event.request);
    event.waitUntil(answer.then(keep).catch(() => {}));
    event.respondWith(mode === "navigate" ? answer.catch(() => kept(PAGE)) : answer);
  } else if (mode === "navigate") {
    event.respondWith(page(event).catch(() => kept(PAGE)));
  } else if (destination === "style") {
    event.respondWith(fetch(event.request).catch(() => kept(event.request)));
  }
});

// Keeps the page's own files, so that it opens and says "no connection" where the session is out of reach.

const KEPT = "crampwatch";
const FILES = ["./", "page.css", "colours.css", "page.js", "draw.js", "alarms.js", "words.json", "shapes.svg", "icon-192.png"];

self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES))));

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (path === "/feed" || path === "/login") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(event.request, { ignoreSearch: true })));
});

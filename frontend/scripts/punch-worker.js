// Keeps the page to punch on for when there is no network, and what that page loads; nothing else is ever kept.
// `self.kept` comes before this script, and changes whenever something of it does.
const { home, shell, files, version } = self.kept;
const PREFIX = "zhiren-punch-";
const CACHE = PREFIX + version;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([shell, ...files]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const fromCache = (address) => caches.open(CACHE).then((cache) => cache.match(address));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === home) {
    event.respondWith(fetch(request).catch(async () => (await fromCache(shell)) ?? Response.error()));
  } else if (files.includes(pathname)) {
    event.respondWith(fromCache(pathname).then((found) => found ?? fetch(request)));
  }
});

// Keeps the counter's own files on the tablet, so that it opens without a network. The day's list and
// what was handed out are kept by vault.js, not here.

const RELEASE = "{{ release }}"; // filled in by the server: a new release is a new worker
const FILES = {{ files | tojson }};
const SCOPE = new URL("./", self.location).pathname;
const SHELL = "yinling-counter-" + RELEASE;

self.addEventListener("install", (event) => event.waitUntil(keepTheShell().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOldShells().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(shellOr(SCOPE, request));
  else if (FILES.includes(url.pathname)) event.respondWith(shellOr(url.pathname, request));
});

async function keepTheShell() {
  const cache = await caches.open(SHELL);
  await Promise.all(FILES.map(async (url) => {
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) throw new Error("could not keep " + url);
    await cache.put(url, response);
  }));
}

async function dropOldShells() {
  const names = (await caches.keys()).filter((name) => name.startsWith("yinling-counter-") && name !== SHELL);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function shellOr(path, request) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) || fetch(request);
}

// Keeps the app's own files on the phone, so that it opens without a network.
// What was seen (menus, bookings, meal codes) is kept by lib/seen.js, not here.

const RELEASE = "{{ release }}"; // filled in by the server: a new release is a new worker
const SCOPE = new URL("./", self.location).pathname;
const LIST = SCOPE + "precache.json";
const SHELL = "yinling-shell-" + RELEASE;
const PHOTOS = "yinling-photos";
const MOST_PHOTOS = 60;

self.addEventListener("install", (event) => event.waitUntil(keepTheShell().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOldShells().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(SCOPE + "counter/")) return;

  if (request.mode === "navigate") event.respondWith(shellOr(SCOPE, request));
  else if (url.pathname.startsWith(SCOPE) || url.pathname.startsWith("/design/")) {
    event.respondWith(shellOr(url.pathname, request));
  } else if (request.destination === "image") event.respondWith(photo(request));
});

/** Fetches what has changed since the last release; what has not is taken over from it. */
async function keepTheShell() {
  const response = await fetch(LIST, { cache: "no-cache" });
  const list = await response.clone().json();
  const [cache, before] = [await caches.open(SHELL), await lastShell()];
  await Promise.all(list.files.map(async ({ url, digest }) => {
    const same = before.digests[url] === digest ? await before.cache.match(url) : null;
    await cache.put(url, same || (await fetched(url)));
  }));
  await cache.put(LIST, response);
}

async function fetched(url) {
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error("could not keep " + url);
  return response;
}

/** The newest complete shell but this one: its cache, and the digest of each of its files. */
async function lastShell() {
  for (const name of (await shellNames()).filter((one) => one !== SHELL).reverse()) {
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    if (list) return { cache, digests: digestsOf(await list.json()) };
  }
  return { cache: null, digests: {} };
}

function digestsOf(list) {
  return Object.fromEntries(list.files.map(({ url, digest }) => [url, digest]));
}

async function shellNames() {
  return (await caches.keys()).filter((name) => name.startsWith("yinling-shell-"));
}

async function dropOldShells() {
  const old = (await shellNames()).filter((name) => name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function shellOr(path, request) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) || fetch(request);
}

async function photo(request) {
  const cache = await caches.open(PHOTOS);
  const kept = await cache.match(request);
  if (kept) return kept;

  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PHOTOS)).map((key) => cache.delete(key)));
  }
  return response;
}

// Messages that come by push. The same one can come twice: its delivery id is its tag, and the last ones
// that were shown are remembered.
const SHOWN = "yinling-shown";
const MOST_SHOWN = 50;

self.addEventListener("push", (event) => event.waitUntil(showOnce(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openInbox());
});

async function showOnce(sent) {
  const { notification = {}, data = {} } = sent ? sent.json() : {};
  const tag = data.delivery_id || "";
  if (tag && (await wasShown(tag))) return;
  await self.registration.showNotification(notification.title || "", {
    body: notification.body || "", tag, icon: SCOPE + "icons/icon-192.png", data: { tag },
  });
}

async function wasShown(tag) {
  const cache = await caches.open(SHOWN);
  const address = SCOPE + "shown/" + encodeURIComponent(tag);
  if (await cache.match(address)) return true;
  await cache.put(address, new Response(""));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_SHOWN)).map((key) => cache.delete(key)));
  return false;
}

/** A page that is open already goes to the inbox; else one is opened. */
async function openInbox() {
  const inbox = SCOPE + "messages";
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(inbox);
  await page.navigate(inbox).catch(() => self.clients.openWindow(inbox));
  return page.focus();
}

// What the tablet keeps: encrypted in the browser's own database, under a key that cannot be taken out
// of it. Signing out destroys the key with everything but what was not sent yet.

const STORE = "kept";
const KEY = "key";
const QUEUE = "queue";

/** What was kept under a name, or null. */
export async function get(name) {
  const kept = await within("readonly", (store) => store.get(name)).catch(() => null);
  if (!kept) return null;
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await keyOf(), kept.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch (unreadable) {
    return null;
  }
}

export async function set(name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(), plain);
  await within("readwrite", (store) => store.put({ iv, sealed }, name));
}

/** Forgets the list and everything else but what waits to be sent. */
export async function forget() {
  const waiting = await get(QUEUE);
  await within("readwrite", (store) => store.clear());
  opening = null;
  if (waiting && waiting.length) await set(QUEUE, waiting);
}

let opening = null;

function keyOf() {
  if (!opening) opening = findKey().catch((error) => { opening = null; throw error; });
  return opening;
}

async function findKey() {
  const kept = await within("readonly", (store) => store.get(KEY));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await within("readwrite", (store) => store.put(made, KEY));
  return made;
}

function within(mode, deed) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("yinling-counter", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const done = database.transaction(STORE, mode);
      const asked = deed(done.objectStore(STORE));
      done.oncomplete = () => { database.close(); resolve(asked.result); };
      done.onerror = done.onabort = () => { database.close(); reject(done.error); };
    };
  });
}

// Photos of the work, kept on the phone until the server has them: too large for the queue of what was
// done, they wait beside it. Each is named by the key of its leaving; before that, by the visit.

import { worker } from "../../lib/account.js";
import { act } from "../../lib/api.js";
import { Problem, Unreachable } from "../../lib/problems.js";

const STORE = "photos";

/** The photo of a visit that is not left yet, or null; stays when the camera made the phone forget the page. */
export async function drafted(visit) {
  const found = await within("readonly", (store) => store.get(draftKey(visit))).catch(() => null);
  return found ? found.picture : null;
}

/** Keeps a photo until the visit is left. False where the phone keeps no pictures. */
export function draft(visit, picture) {
  const kept = { key: draftKey(visit), worker: whose(), name: visit.resident_name, picture };
  return within("readwrite", (store) => store.put(kept)).then(() => true, () => false);
}

export function dropDraft(visit) {
  return within("readwrite", (store) => store.delete(draftKey(visit))).catch(() => null);
}

/** From now on the photo waits to be sent, after the leaving that has this key. */
export async function release(visit, picture, key) {
  const kept = { key, worker: whose(), name: visit.resident_name, picture };
  await within("readwrite", (store) => store.put(kept)).catch(() => null);
  await dropDraft(visit);
}

/** Whose photos wait to be sent: [{key, name}], of whoever is at work with this phone. */
export async function waiting() {
  const all = await within("readonly", (store) => store.getAll()).catch(() => []);
  return all.filter((one) => one.worker === whose() && !one.key.startsWith("draft "));
}

/**
 * Sends the photos whose leaving the server has; `isUnsent(key)` says of which it has not. Returns
 * {all: is nothing left, faults: what the server did not take}.
 */
export async function send(isUnsent) {
  const faults = [];
  for (const one of (await waiting()).filter(({ key }) => !isUnsent(key))) {
    const fault = await sent(one);
    if (fault instanceof Unreachable) return { all: false, faults };
    if (fault) faults.push({ worker: whose(), name: one.name, detail: fault.facts.detail });
    await within("readwrite", (store) => store.delete(one.key));
  }
  return { all: (await waiting()).length === 0, faults };
}

async function sent({ key, picture }) {
  const content = picture.slice(picture.indexOf(",") + 1);
  try {
    await act("PUT", `/visit-photos/${key}`, { content }, { wish: key });
    return null;
  } catch (error) {
    const isFinal = error instanceof Problem && [404, 409, 413, 422].includes(error.status);
    if (isFinal || error instanceof Unreachable) return error;
    throw error;
  }
}

function draftKey(visit) {
  return `draft ${visit.id}`;
}

function whose() {
  const present = worker();
  return present ? present.signInName : null;
}

function within(mode, deed) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("yinling-work", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const done = database.transaction(STORE, mode);
      const asked = deed(done.objectStore(STORE));
      done.oncomplete = () => { database.close(); resolve(asked.result); };
      done.onerror = done.onabort = () => { database.close(); reject(done.error); };
    };
  });
}

// Who is signed in on this phone.

import { phone, visit } from "./keep.js";
import * as seen from "./seen.js";

const TOKEN = "yinling.token";
const WORKER = "yinling.worker";

export function token() {
  return phone.get(TOKEN);
}

export function isSignedIn() {
  return Boolean(token());
}

export function signIn(newToken) {
  phone.set(TOKEN, newToken);
  phone.remove(WORKER);
}

/** Signs a care worker in; the phone is hers until she signs out or the day is over. */
export function signInWorker(newToken, worker) {
  phone.set(TOKEN, newToken);
  phone.set(WORKER, JSON.stringify(worker));
}

/** {name, signInName} of the care worker whose phone this is, or null. Stays when a sign-in ends. */
export function worker() {
  const kept = phone.get(WORKER);
  return kept ? JSON.parse(kept) : null;
}

/** Forgets the person, and everything that was seen for them; text size and language stay. */
export function forget() {
  phone.remove(TOKEN);
  seen.forgetAll();
  visit.keys().filter((key) => key.startsWith("yinling.")).forEach((key) => visit.remove(key));
}

// Who is signed in on this phone.

import { phone, visit } from "./keep.js";
import * as seen from "./seen.js";

const TOKEN = "yinling.token";

export function token() {
  return phone.get(TOKEN);
}

export function isSignedIn() {
  return Boolean(token());
}

export function signIn(newToken) {
  phone.set(TOKEN, newToken);
}

/** Forgets the person, and everything that was seen for them; text size and language stay. */
export function forget() {
  phone.remove(TOKEN);
  seen.forgetAll();
  visit.keys().filter((key) => key.startsWith("yinling.")).forEach((key) => visit.remove(key));
}

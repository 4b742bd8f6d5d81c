// What was seen is kept on the phone, with the moment it was seen, for when there is no network.

import { language } from "./i18n.js";
import { phone } from "./keep.js";

const PREFIX = "yinling.seen ";
const MOST_KEPT = 80;

/** {body, etag, seenAt, language} of the last answer to this address, or null. */
export function find(address) {
  const text = phone.get(PREFIX + address);
  return text ? JSON.parse(text) : null;
}

export function keep(address, body, etag) {
  const entry = { body, etag, seenAt: new Date().toISOString(), language: language() };
  const text = JSON.stringify(entry);
  if (!phone.set(PREFIX + address, text)) {
    dropOldest(MOST_KEPT / 2);
    phone.set(PREFIX + address, text);
  }
  dropOldest(MOST_KEPT);
  return entry;
}

/** The server says nothing has changed: it is as good as seen now. */
export function touch(address) {
  const entry = find(address);
  return keep(address, entry.body, entry.etag);
}

/** Changes what was seen under every address that begins so; the next answer replaces it whole. */
export function amend(beginning, change) {
  for (const key of addresses().filter((one) => one.startsWith(PREFIX + beginning))) {
    const address = key.slice(PREFIX.length);
    keep(address, change(find(address).body), null);
  }
}

export function forgetAll() {
  addresses().forEach((key) => phone.remove(key));
}

function addresses() {
  return phone.keys().filter((key) => key.startsWith(PREFIX));
}

function dropOldest(left) {
  const keys = addresses();
  if (keys.length <= left) return;
  const byAge = keys.map((key) => [JSON.parse(phone.get(key)).seenAt, key]).sort();
  byAge.slice(0, keys.length - left).forEach(([, key]) => phone.remove(key));
}

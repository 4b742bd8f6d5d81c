// One wish of the reader, one key: pressed twice, retried or repeated after a reload, it is still one wish.

import { visit } from "./keep.js";

const PREFIX = "yinling.intent ";

/** The key of this wish; the same until `settle` says that the server has answered it. */
export function keyFor(method, path, body) {
  const name = PREFIX + JSON.stringify([method, path, body]);
  const key = visit.get(name) || randomUuid();
  visit.set(name, key);
  return { key, settle: () => visit.remove(name) };
}

function randomUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

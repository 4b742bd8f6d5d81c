// The counter's calls. Whoever has no answer in time goes on without the network.

import { learnTime } from "../lib/clock.js";
import { setReachable } from "../lib/connection.js";
import { language, t } from "../lib/i18n.js";
import { phone } from "../lib/keep.js";

const API = "/api/v1/counter";
const TOKEN = "yinling.counter.token";
const PATIENCE_MS = 10000;

/** The server refused, and says why. */
export class Refused extends Error {
  constructor(status, body) {
    super((body && body.detail) || t("Something went wrong on our side."));
    this.status = status;
    this.code = String((body && body.type) || "").split("/").pop();
  }
}

/** No answer came. */
export class Unreachable extends Error {}

export const account = {
  token: () => phone.get(TOKEN),
  keep: (token) => phone.set(TOKEN, token),
  forget: () => phone.remove(TOKEN),
};

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function read(path) {
  return send("GET", path);
}

/** Does something once: the key is the wish's own, sent again with it. */
export function act(method, path, body, { key = newKey(), patience = PATIENCE_MS } = {}) {
  return send(method, path, { body, key, patience });
}

async function send(method, path, { body, key, patience = PATIENCE_MS } = {}) {
  if (navigator.onLine === false) throw new Unreachable();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(API + path, {
      method, body: text, cache: "no-store", signal: stop.signal, headers: headersOf(text, key),
    });
    return await answerOf(response);
  } catch (error) {
    if (error instanceof Refused) throw error;
    setReachable(false);
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(text, key) {
  const headers = { Accept: "application/json", "Accept-Language": language() };
  if (account.token()) headers.Authorization = `Bearer ${account.token()}`;
  if (text !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  return headers;
}

async function answerOf(response) {
  if ([502, 503, 504].includes(response.status)) throw new Unreachable();
  setReachable(true);
  learnTime(response.headers.get("Date"));
  const text = await response.text();
  const body = text ? JSON.parse(text) : null;
  if (response.status >= 400) throw new Refused(response.status, body);
  return body;
}

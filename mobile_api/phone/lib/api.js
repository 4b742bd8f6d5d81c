// The phone API: reads that fall back on what was seen, deeds that carry their intent's key.

import * as account from "./account.js";
import { learnTime } from "./clock.js";
import { setReachable } from "./connection.js";
import { language } from "./i18n.js";
import { keyFor } from "./intent.js";
import { Problem, Unreachable } from "./problems.js";
import * as seen from "./seen.js";

export const API = "/api/v1";
const PATIENCE_MS = 12000;
const PATIENCE_WITH_A_PICTURE_MS = 90000;
const PATIENCE_WITH_A_COPY_MS = 6000;
const PAUSE_BEFORE_RETRY_MS = 1200;
const pictures = new Map();

/** {body, seenAt, stale}. Without a network: what was seen before, `stale`; else throws Unreachable. */
export async function read(path, query = {}, { keep = true } = {}) {
  const address = addressOf(path, query);
  const copy = keep ? seen.find(address) : null;
  const asker = account.token();
  try {
    const response = await send("GET", address, {
      headers: copy && copy.etag && copy.language === language() ? { "If-None-Match": copy.etag } : {},
      patience: copy ? PATIENCE_WITH_A_COPY_MS : PATIENCE_MS,
    });
    if (response.status === 304) return { ...seen.touch(address), stale: false };
    if (keep && account.token() === asker) seen.keep(address, response.body, response.etag);
    return { body: response.body, seenAt: null, stale: false };
  } catch (error) {
    if (error instanceof Unreachable && copy) return { ...copy, stale: true };
    throw error;
  }
}

/** What was seen before, without asking the network; throws Unreachable if nothing was. */
export async function recall(path, query = {}) {
  const copy = seen.find(addressOf(path, query));
  if (!copy) throw new Unreachable({ sent: false });
  return { ...copy, stale: false };
}

/**
 * Does something once, however often it is sent. Returns the answer's body. `wish` stands for a large body,
 * which is given the patience that it needs on a slow network.
 */
export async function act(method, path, body = {}, { wish = body } = {}) {
  const intent = keyFor(method, path, wish);
  const patience = wish === body ? PATIENCE_MS : PATIENCE_WITH_A_PICTURE_MS;
  const request = { body, patience, headers: { "Idempotency-Key": intent.key } };
  try {
    const response = await sendTwice(method, path, request);
    intent.settle();
    return response.body;
  } catch (error) {
    if (error instanceof Problem && error.status < 500) intent.settle();
    throw error;
  }
}

/** A picture that only its owner may see, as a data address; asked for once while the app is open. */
export function readPicture(path) {
  const name = `${account.token()} ${path}`;
  if (!pictures.has(name)) {
    pictures.set(name, fetchPicture(path).catch((error) => { pictures.delete(name); throw error; }));
  }
  return pictures.get(name);
}

async function fetchPicture(path) {
  const response = await fetch(API + path, { cache: "no-store", headers: standingHeaders() });
  if (!response.ok) throw new Problem(response.status, null);
  const reader = new FileReader();
  const read = new Promise((resolve, reject) => { reader.onload = resolve; reader.onerror = reject; });
  reader.readAsDataURL(await response.blob());
  await read;
  return reader.result;
}

/** The two sign-in calls, which carry no key and no token. */
export async function ask(path, body) {
  return (await send("POST", path, { body })).body;
}

async function sendTwice(method, path, request) {
  try {
    return await send(method, path, request);
  } catch (error) {
    if (!(error instanceof Unreachable) || navigator.onLine === false) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_BEFORE_RETRY_MS));
    return send(method, path, request);
  }
}

async function send(method, address, { body, headers = {}, patience = PATIENCE_MS }) {
  if (navigator.onLine === false) throw new Unreachable({ sent: false });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(API + address, {
      method,
      cache: "no-store",
      signal: stop.signal,
      headers: { ...standingHeaders(body), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return await answerOf(response);
  } catch (error) {
    if (error instanceof Problem) throw error;
    setReachable(false);
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

function standingHeaders(body) {
  const headers = { "Accept-Language": language(), Accept: "application/json" };
  if (account.token()) headers.Authorization = `Bearer ${account.token()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return headers;
}

async function answerOf(response) {
  if ([502, 503, 504].includes(response.status)) throw new Unreachable();
  setReachable(true);
  learnTime(response.headers.get("Date"));
  const text = await response.text();
  const body = text ? parsed(text) : null;
  if (response.status >= 400) throw new Problem(response.status, body);
  return { status: response.status, body, etag: response.headers.get("ETag") };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    return null;
  }
}

function addressOf(path, query) {
  const filled = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(filled).toString();
  return text ? `${path}?${text}` : path;
}

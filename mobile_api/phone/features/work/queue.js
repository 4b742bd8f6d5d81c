// What a care worker did, kept on the phone until the server has it. Each carries its own key, so that
// it may be sent as often as one likes. Times are the phone's own: the server learns how far off it is.

import { worker } from "../../lib/account.js";
import { act } from "../../lib/api.js";
import { phone } from "../../lib/keep.js";
import { Problem, Unreachable } from "../../lib/problems.js";
import * as photos from "./photos.js";

const QUEUE = "yinling.work-queue";
const REFUSED = "yinling.work-refused";
const MOST_AT_ONCE = 50;
const PLACE_WITHIN_MS = 8000;
const UNREADABLE = "unreadable";
let sending = null;

/** What waits to be sent, of whoever is at work with this phone. */
export function waiting() {
  return kept(QUEUE).filter((one) => one.worker === whose());
}

/** What the server did not accept, with its sentence; stays until it was read. */
export function refused() {
  return kept(REFUSED).filter((one) => one.worker === whose());
}

export function forgetRefused() {
  phone.set(REFUSED, JSON.stringify(kept(REFUSED).filter((one) => one.worker !== whose())));
}

/** Keeps something that was done at a visit; returns its key, or null where the phone can keep nothing more. */
export function note(kind, visit, given = {}) {
  const event = { key: newKey(), kind, visit_id: visit.id, at: new Date().toISOString(), ...given };
  const all = [...kept(QUEUE), { worker: whose(), name: visit.resident_name, event }];
  return phone.set(QUEUE, JSON.stringify(all)) ? event.key : null;
}

/** Sends all that waits; true where nothing is left. One after the other, however often it is called. */
export function flush() {
  if (!sending) sending = sendAll().finally(() => { sending = null; });
  return sending;
}

/** What was done goes first; a photo follows its leaving, and never holds it up. */
async function sendAll() {
  const all = await sendEvents();
  const unsent = new Set(kept(QUEUE).map(({ event }) => event.key));
  const { all: allPhotos, faults } = await photos.send((key) => unsent.has(key));
  tell(faults);
  return all && allPhotos;
}

async function sendEvents() {
  let most = MOST_AT_ONCE;
  while (waiting().length > 0) {
    const some = waiting().slice(0, most);
    const receipts = await sent(some);
    if (receipts === UNREADABLE) most = 1;
    else if (!receipts) return false;
    else settle(some, receipts);
  }
  return true;
}

async function sent(some) {
  const body = { sent_at: new Date().toISOString(), events: some.map((one) => one.event) };
  try {
    return (await act("POST", "/visit-events", body)).items;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    if (!(error instanceof Problem) || error.status !== 422) throw error;
    // One that cannot be read must not stop the others: they go one by one, and it is told.
    const [{ event }] = some;
    return some.length > 1 ? UNREADABLE : [{ key: event.key, is_kept: false, detail: error.facts.detail }];
  }
}

function settle(some, receipts) {
  const keys = new Set(receipts.map((one) => one.key));
  const faults = receipts.filter((one) => !one.is_kept).map((one) => ({
    worker: whose(), detail: one.detail, name: some.find(({ event }) => event.key === one.key).name,
  }));
  tell(faults);
  phone.set(QUEUE, JSON.stringify(kept(QUEUE).filter(({ event }) => !keys.has(event.key))));
}

function tell(faults) {
  if (faults.length) phone.set(REFUSED, JSON.stringify([...kept(REFUSED), ...faults]));
}

/** The visit as it is by what waits to be sent, too. */
export function withWaiting(visit) {
  return waiting().map((one) => one.event).filter((event) => event.visit_id === visit.id).reduce(after, visit);
}

function after(visit, event) {
  if (event.kind === "arrive") return { ...visit, state: "under_way", arrived_at: event.at, unsent: true };
  if (event.kind === "leave") return { ...visit, state: "done", left_at: event.at, unsent: true };
  return { ...visit, is_confirmed: true, unsent: true };
}

/** {x, y, accuracy_m} of the phone, or nothing where it has no place or may not tell. */
export function place() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({});
    const timer = setTimeout(() => resolve({}), PLACE_WITHIN_MS + 500);
    const found = ({ coords }) => {
      clearTimeout(timer);
      resolve({ x: coords.longitude, y: coords.latitude, accuracy_m: Math.min(100000, Math.round(coords.accuracy)) });
    };
    const missing = () => { clearTimeout(timer); resolve({}); };
    const how = { enableHighAccuracy: true, timeout: PLACE_WITHIN_MS, maximumAge: 30000 };
    navigator.geolocation.getCurrentPosition(found, missing, how);
  });
}

function whose() {
  const present = worker();
  return present ? present.signInName : null;
}

function kept(name) {
  const text = phone.get(name);
  return text ? JSON.parse(text) : [];
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

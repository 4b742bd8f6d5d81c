// The day's list on the tablet: who eats, who has eaten, and whether to hand a meal out.

import { now, timeOf, today } from "../lib/clock.js";
import { isReachable } from "../lib/connection.js";
import { t } from "../lib/i18n.js";
import { act, newKey, read, Refused, Unreachable } from "./api.js";
import * as checker from "./checker.js";
import * as queue from "./queue.js";
import * as vault from "./vault.js";

const ANSWER_WITHIN_MS = 3500;
export const TIME_TO_UNDO_MS = 120000;
let list = null;
let handed = []; // what this tablet handed out today, the latest first

export const state = { get list() { return list; }, get handed() { return handed; } };

/** Finds again what was kept when the tablet was closed. */
export async function open() {
  list = await vault.get("list");
  handed = ((await vault.get("handed")) || []).filter((one) => one.day === today());
}

export async function forget() {
  list = null;
  handed = [];
  await vault.forget();
}

/** Asks for the list anew; what was done here and not sent yet still holds in it. */
export async function load(canteenId) {
  const fresh = await read(`/canteens/${canteenId}/today`);
  list = fresh;
  const unsent = new Set(queue.all().filter((one) => one.kind === "meal").map((one) => one.body.booking_id));
  for (const diner of list.diners) {
    if (unsent.has(diner.booking_id)) note(diner, "collected", now().toISOString());
  }
  await vault.set("list", list);
}

export function isOfToday() {
  return Boolean(list) && list.day === today();
}

/** Counts of the meal that is on, or of the whole day. */
export function counts() {
  const diners = list ? list.diners.filter((one) => one.status !== "cancelled") : [];
  const done = diners.filter((one) => one.status === "collected").length;
  return { all: diners.length, done, left: diners.length - done };
}

/** Whom a typed text can mean: by the end of a telephone number, or by name or its first letters. */
export function matches(text) {
  const wanted = text.trim().toLowerCase();
  if (!list || !wanted) return [];
  const isTail = /^\d{4}$/.test(wanted);
  const fits = (one) => (isTail ? one.phone_tail === wanted
    : one.name.includes(wanted) || one.initials.startsWith(wanted));
  const found = list.diners.filter((one) => one.status !== "cancelled" && fits(one));
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, 12);
}

/** Who still waits for a meal stands first. */
function rank(diner) {
  return diner.status === "collected" ? 1 : 0;
}

/** How a match was found, as the server calls it. */
export function howOf(text) {
  return /^\d{4}$/.test(text.trim()) ? "phone" : "name";
}

/** The answer to a signed code: {good, title, …}. */
export async function byToken(text) {
  if (!list) return refusal(t("Load today's list first."));
  const { verdict, claim } = await checker.check(text, list, today());
  if (verdict === "forged") return refusal(t("This code is not one of the city's."), t("Do not hand out. Ask for name and telephone."));
  if (verdict === "elsewhere") return refusal(t("This meal was booked at another canteen."));
  if (verdict === "other-day") return refusal(t("This meal is for another day."), claim.day);
  const diner = list.diners.find((one) => one.booking_id === claim.bookingId);
  return handOut({ how: "qr", token: text }, diner || null);
}

/** The answer to six digits. */
export async function byCode(code) {
  if (!list) return refusal(t("Load today's list first."));
  const digest = await checker.digestOf(list.canteen_id, list.day, code);
  const diner = list.diners.find((one) => one.code_digest === digest && one.status !== "cancelled")
    || list.diners.find((one) => one.code_digest === digest);
  if (!diner && !isReachable()) {
    return refusal(t("Nobody on the list has these digits."), t("Check the digits, or look for the name."));
  }
  return handOut({ how: "code", code }, diner || null);
}

/** The answer to a name that was chosen from the list. */
export function byDiner(diner, how, reason = null) {
  return handOut({ how, booking_id: diner.booking_id, ...(reason ? { reason } : {}) }, diner);
}

/** Asks the server where it can be reached in time; else the list decides, and the meal is told of later. */
async function handOut(meal, diner) {
  if (diner && diner.status === "collected") {
    return refusal(t("This meal was already handed out."), timeOf(new Date(diner.collected_at)), diner);
  }
  if (diner && diner.status === "cancelled") return refusal(t("This meal was cancelled."), "", diner);
  const body = { ...meal, key: newKey(), at: new Date().toISOString(), is_offline: false };
  try {
    return await asked(body, diner);
  } catch (error) {
    if (error instanceof Refused) return refusal(error.message, "", diner);
    if (!(error instanceof Unreachable)) throw error;
    return offline(body, diner);
  }
}

async function asked(body, diner) {
  if (!isReachable() && navigator.onLine === false) throw new Unreachable();
  const call = { sent_at: new Date().toISOString(), collections: [body] };
  const path = `/canteens/${list.canteen_id}/collections`;
  const { items: [answer] } = await act("POST", path, call, { key: body.key, patience: ANSWER_WITHIN_MS });
  if (answer.state !== "accepted") return refusal(answer.detail, "", diner || answer);
  return good(body, diner || { ...answer, booking_id: answer.booking_id }, false);
}

async function offline(body, diner) {
  if (!isOfToday()) return refusal(t("The list is not today's, and there is no network."));
  if (!diner && body.how !== "qr") return refusal(t("Nobody on the list has these digits."));
  const kept = { ...body, is_offline: true };
  await queue.add({ kind: "meal", canteenId: list.canteen_id, at: body.at, name: diner ? diner.name : "", body: kept });
  return good(body, diner, true);
}

async function good(body, diner, isOffline) {
  if (diner) note(list.diners.find((one) => one.booking_id === diner.booking_id) || diner, "collected", body.at);
  const name = (diner && diner.name) || t("Booked after this list was loaded");
  const bookingId = diner ? diner.booking_id : null;
  handed = [{ key: body.key, at: body.at, day: today(), name, bookingId }, ...handed].slice(0, 200);
  await Promise.all([vault.set("list", list), vault.set("handed", handed)]);
  return { good: true, title: name, diner, isOffline, key: body.key };
}

function note(diner, status, at) {
  diner.status = status;
  diner.collected_at = at;
}

function refusal(title, line = "", diner = null) {
  return { good: false, title, line, diner };
}

export function canUndo(one) {
  return !one.undone && Date.now() - Date.parse(one.at) < TIME_TO_UNDO_MS;
}

/** Takes a meal back that was handed out here by mistake. */
export async function undo(one, reason) {
  const at = new Date().toISOString();
  const call = { kind: "undo", key: newKey(), at, name: one.name, path: `/collections/${one.key}/undoing`, body: { at, reason } };
  await queue.add(call);
  await queue.flush().catch(() => false);
  one.undone = true;
  const diner = list && list.diners.find((other) => other.booking_id === one.bookingId);
  if (diner) note(diner, "booked", null);
  await Promise.all([vault.set("list", list), vault.set("handed", handed)]);
}

/** Somebody who has not booked: only with a network, since the database holds the places. */
export async function walkIn(sittingId, shown) {
  const key = newKey();
  try {
    const answer = await act("POST", `/canteens/${list.canteen_id}/walk-ins`, { key, sitting_id: sittingId, ...shown }, { key });
    if (answer.state !== "accepted") return refusal(answer.detail, "", answer);
    return await good({ key, at: new Date().toISOString() }, answer, false);
  } catch (error) {
    if (error instanceof Refused) {
      return refusal(error.message, error.code === "diner-unknown" ? t("Take the full price; nothing is noted.") : "");
    }
    if (error instanceof Unreachable) {
      return refusal(t("Without a network nobody can eat unbooked."), t("Take the full price, or wait for the network."));
    }
    throw error;
  }
}

// What can go wrong between phone and city, and the sentence a reader gets for it.

import { t } from "./i18n.js";

/** The server refused, and says why (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    const facts = body || {};
    super(facts.detail || `refused with ${status}`);
    this.status = status;
    this.facts = facts;
    this.code = String(facts.type || "").split("/").pop();
  }

  /** Sentence for the field that `pointer` names, or null. */
  sentenceFor(pointer) {
    const found = (this.facts.errors || []).find((error) => error.pointer === pointer);
    return found ? found.detail : null;
  }
}

/** No answer came: no network, too slow, or the server is resting. `sent`: it may have arrived. */
export class Unreachable extends Error {
  constructor({ sent = true } = {}) {
    super("no answer");
    this.sent = sent;
  }
}

export function sentenceOf(error) {
  if (error instanceof Unreachable) {
    return navigator.onLine === false
      ? t("There is no network right now.")
      : t("The network is too slow, or the server is resting.");
  }
  if (error instanceof Problem && error.status < 500 && error.facts.detail) return error.facts.detail;
  return t("Something went wrong on our side.");
}

/** What is kept and what to do now, after a deed did not get its answer. */
export function adviceOf(error) {
  if (error instanceof Unreachable && !error.sent) {
    return t("Nothing was sent. Press again when the network is back, or call us.");
  }
  if (error instanceof Unreachable) {
    return t("We do not know yet whether it went through. You can press again: it will not count twice.");
  }
  if (error instanceof Problem && error.status < 500) return null;
  return t("What you typed is still here. Please try again, or call us.");
}

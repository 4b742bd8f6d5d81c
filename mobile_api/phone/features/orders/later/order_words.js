// Vouchers and orders in the words of daily life.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { money, momentWords } from "../../../lib/words.js";

export function programmeWords(programme) {
  return { voucher: t("Care voucher"), purchased: t("Service the government buys") }[programme] || programme;
}

export function entitlementWords(state) {
  return {
    applied: t("The county looks at it"), granted: t("You have it"), suspended: t("Rests while you live in a home"),
    refused: t("Not granted"), ended: t("Over"),
  }[state] || state;
}

export function orderWords(state) {
  return {
    ordered: t("Waits for a worker"), assigned: t("Somebody will come"), redeemed: t("Done and paid"),
    cancelled: t("Cancelled"), lapsed: t("Nobody came, nothing was used"),
  }[state] || state;
}

export function orderKind(state) {
  return ["assigned", "redeemed"].includes(state) ? "good" : "look";
}

export function tasksOf(order) {
  return order.services.map((one) => one.name).join("、");
}

export function whenOf(order) {
  return momentWords(order.starts_at);
}

/** Who pays what; the three parts are the bill. */
export function splitOf(split) {
  const parts = [
    [t("The government's service pays"), split.purchased_fen], [t("Your voucher pays"), split.voucher_fen],
  ].filter(([, fen]) => fen > 0);
  return h("dl.price-split", {},
    row(t("Price of the service"), money(split.bill_fen)),
    parts.map(([name, fen]) => h("div.price-split__row.price-split__less", {},
      h("dt", {}, name), h("dd", {}, money(-fen)))),
    h("div.price-split__row.price-split__own", {}, h("dt", {}, t("You pay")), h("dd", {}, money(split.own_fen))));
}

function row(name, amount) {
  return h("div.price-split__row", {}, h("dt", {}, name), h("dd", {}, amount));
}

// What is owed back: all of it, and one with why, how much a payment, what is left, and whom to ask.

import { today } from "../../../lib/clock.js";
import { h } from "../../../lib/dom.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { badge, bigState, buttonLink, callButton, linkRow, list, notice, stillRow } from "../../../lib/parts.js";
import { calendarDay, dayOfYear, money } from "../../../lib/words.js";
import { HOME, monthWords, pathOfLine, section, toldSentence } from "./subsidy_words.js";

export const owedBack = {
  title: () => t("To be paid back"),
  parent: HOME,

  load: ({ read }) => read("/subsidy-recoveries"),

  view({ items }) {
    if (items.length === 0) return { body: bigState("empty", [t("You owe nothing back.")]) };
    return { body: list(items.map(owedRow)) };
  },
};

export const oneOwed = {
  title: () => t("Paid too much before"),
  parent: `${HOME}/owed`,

  load: ({ read, params }) => read(`/subsidy-recoveries/${params.recovery}`),

  view(one) {
    const why = one.sentences.length > 0 ? one.sentences.map(toldSentence)
      : [h("li", {}, h("p", {}, t("The office looked at it again and found it too much.")))];
    return {
      body: [
        h("section.card.stack", { "aria-label": one.programme_name },
          h("h2", {}, one.programme_name),
          h("p", {}, one.left_fen > 0 ? t("Still to be paid back") : t("Nothing is left")),
          h("p.purse__left", {}, money(one.left_fen)),
          h("p", {}, `${one.person_name} · ${monthWords(one.month)}`),
          h("p", {}, t("Paid too much: {amount}", { amount: money(one.amount_fen) }))),
        one.left_fen > 0 && notice("info", howWords(one), limitWords(one)),
        section(t("Why"), h("ol.stack", {}, why)),
        one.correction && buttonLink(t("See how it was reckoned"), pathOfLine(one.correction), { kind: "quiet" }),
        one.entries.length > 0 && section(t("What was paid back"), list(one.entries.map(entryRow))),
        section(t("Do you not understand it, or is it too hard for you?"),
          h("p", {}, one.office ? t("Please ask: {office}. It can be put off.", { office: one.office })
            : t("Please call us. It can be put off."))),
        callButton(t("Call us:"), hotline()),
      ].filter(Boolean),
    };
  },
};

/** One row for each, what is left first. */
export function owedRow(one) {
  return linkRow({
    path: `${HOME}/owed/${one.id}`,
    lead: "money",
    title: `${one.programme_name} ${money(one.left_fen > 0 ? one.left_fen : one.amount_fen)}`,
    notes: [one.person_name, monthWords(one.month), one.left_fen > 0 && howWords(one)],
    extra: one.left_fen > 0 ? [] : badge(t("Settled"), "good"),
  });
}

/** How it is taken, in one sentence. */
export function howWords(one) {
  if (one.most_percent === null) return t("Nothing is taken off by itself. Please ask how to pay it back.");
  if (one.deferred_until && one.deferred_until > today()) {
    return t("Nothing is taken off before {day}.", { day: dayOfYear(one.deferred_until) });
  }
  if (one.next_fen) return t("About {amount} are taken off the next payment.", { amount: money(one.next_fen) });
  return t("It is taken off what you get next, little by little.");
}

function limitWords(one) {
  if (one.most_percent === null) return null;
  const most = t("Never more than {percent} % of a payment.", { percent: one.most_percent });
  return one.limit_clause ? h("div", {}, h("p", {}, most), h("p.soft", {}, one.limit_clause)) : most;
}

function entryRow(one) {
  const back = one.amount_fen < 0;
  const words = {
    netted: back ? t("Given back: that payment came to nothing") : t("Taken off a payment"),
    received: t("You paid it back"), written_off: t("Given up by the office"),
  };
  return stillRow({
    lead: "money", title: `${words[one.kind] || one.kind} ${money(Math.abs(one.amount_fen))}`,
    notes: [calendarDay(one.on_day)], dashed: false,
  });
}

// Allowances in the words of daily life: a state, a reason with what to do, a period as a row.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, linkRow } from "../../../lib/parts.js";
import { dayOfYear, money } from "../../../lib/words.js";

export const HOME = "/caregiver/allowances";

export const readOwn = (read) => read("/allowances");

export function stateWords(state) {
  return { entitled: t("You get it"), not_entitled: t("Not this time"), ahead: t("Not yet due") }[state] || state;
}

export function stateBadge(one) {
  return badge(stateWords(one.state), one.state === "entitled" ? "good" : "look");
}

export function pathOfOne(one) {
  return `${HOME}/${one.programme}/${one.period}`;
}

/** A period as a row that opens every reason. */
export function periodRow(one) {
  const amount = one.state === "entitled" ? one.amount_fen : one.standard_fen;
  return linkRow({
    path: pathOfOne(one),
    lead: "money",
    title: one.period_name,
    notes: [money(amount), one.due_on && t("Full on {day}", { day: dayOfYear(one.due_on) })],
    extra: stateBadge(one),
  });
}

/** What speaks against it, each with what to do; nothing where nothing does. */
export function missingOf(one) {
  return reasonsOf(one.reasons.filter((reason) => !reason.holds));
}

/** Reasons one after another; a clause that several rest on is said once, below the last of them. */
export function reasonsOf(reasons) {
  return reasons.map((reason, place) => {
    const following = reasons[place + 1];
    return reasonOf(reason, !following || following.clause !== reason.clause);
  });
}

function reasonOf(reason, isClauseSaid) {
  return h("div.stack", {},
    h("p", {}, reason.holds ? badge(t("All right"), "good") : badge(t("Missing")), " ", reason.sentence),
    reason.advice && h("p", {}, h("strong", {}, reason.advice)),
    isClauseSaid && reason.clause && h("p.soft", {}, reason.clause));
}

export function section(title, ...parts) {
  return h("section.stack", {}, h("h2", {}, title), parts.flat().filter(Boolean));
}

/** Something to put right by oneself, or by somebody at a window: papers nobody has on file yet. */
export function papersOf(missing) {
  return missing.length > 0
    && h("p", {}, t("Not on file yet: {papers}. Your home can put them in.", { papers: missing.join("、") }));
}

// Subsidies in the words of daily life: how far an amount has come, a claim's state, a month.

import { h } from "../../../lib/dom.js";
import { language, t } from "../../../lib/i18n.js";
import { badge } from "../../../lib/parts.js";
import { calendarDay } from "../../../lib/words.js";

export const HOME = "/subsidies";

export function pathOfLine(line) {
  return `${HOME}/${line.run_id}/${line.number}`;
}

/** "2026年1月" */
export function monthWords(month) {
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-CN", {
    timeZone: "UTC", year: "numeric", month: "long",
  }).format(new Date(`${month}-01`));
}

/** One month, or from one to another. */
export function monthsWords(one) {
  if (one.first_month === one.last_month) return monthWords(one.first_month);
  return t("{first} to {last}", { first: monthWords(one.first_month), last: monthWords(one.last_month) });
}

export function stateOfLine(line) {
  if (line.state === "in_notice" && line.day) return t("On show until {day}", { day: calendarDay(line.day) });
  if (line.state === "paid" && line.day) return t("Paid on {day}", { day: calendarDay(line.day) });
  return {
    in_approval: t("Being approved"), approved: t("Approved"), in_notice: t("On show"), payable: t("Paid soon"),
    in_payment: t("With the bank"), paid: t("Paid out"), failed: t("The bank sent it back"),
    held: t("Being looked into"), refused: t("Not this time"), taken_back: t("To be taken back"),
  }[line.state] || line.state;
}

export function lineBadge(line) {
  return badge(stateOfLine(line), line.state === "paid" ? "good" : "look");
}

/** What follows, in one sentence; nothing where nothing is to be done. */
export function nextOfLine(line) {
  return {
    in_approval: t("Several people look at it before it is paid. You need do nothing."),
    approved: t("The list is put up for everybody to read next. You need do nothing."),
    in_notice: t("It is paid after that day. Is something wrong? Please say so until then."),
    payable: t("The money goes to the bank next. You need do nothing."),
    in_payment: t("The bank is paying it. You need do nothing."),
    failed: t("The bank could not pay it. Please have your account looked at in your community office."),
    held: t("Somebody said that it may be wrong. You are paid as soon as it is clear."),
    taken_back: t("Too much was paid before. How it comes back stands under “To be paid back”."),
  }[line.state] || "";
}

export function payeeWords(line) {
  if (line.amount_fen < 0) return "";
  if (line.payee === "site") {
    const site = { site: line.site_name };
    return line.is_own ? t("Paid to {site} for you", site) : t("Paid to {site}", site);
  }
  return line.is_own ? t("Paid to your account") : t("Paid to the account of {name}", { name: line.person_name });
}

export function stateOfClaim(state) {
  return {
    draft: t("Not handed in yet"), at_town: t("The town looks at it"), at_county: t("The county looks at it"),
    at_city: t("The city looks at it"), returned: t("To be mended"), accepted: t("Granted"),
    refused: t("Not granted"), withdrawn: t("Taken back"),
  }[state] || state;
}

export function claimBadge(claim) {
  return badge(stateOfClaim(claim.state), claim.state === "accepted" ? "good" : "look");
}

/** A sentence with the clause that it rests on below it. */
export function toldSentence(one) {
  return h("li", {}, h("p", {}, one.sentence), one.clause && h("p.soft", {}, one.clause));
}

export function section(title, ...parts) {
  return h("section.stack", {}, h("h2", {}, title), parts.flat().filter(Boolean));
}

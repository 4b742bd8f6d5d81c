// My subsidies: what is to be claimed, what was claimed, what each month brought, what I objected to.

import { t } from "../../../lib/i18n.js";
import { badge, bigState, buttonLink, linkRow, list, stillRow } from "../../../lib/parts.js";
import { calendarDay, dayOfYear, money } from "../../../lib/words.js";
import { owedRow } from "./owed.js";
import {
  claimBadge, HOME, lineBadge, monthsWords, monthWords, pathOfLine, payeeWords, section,
} from "./subsidy_words.js";

export const subsidies = {
  title: () => t("My subsidies"),
  parent: "/help",

  load: ({ read }) => Promise.all([read("/subsidies"), read("/subsidy-recoveries")]),

  view([own, { items: owed }]) {
    const several = new Set([...own.lines, ...own.openings, ...own.claims].map((one) => one.person_name)).size > 1;
    const asked = groupsOf(own.openings.filter((one) => one.first_month));
    const later = own.openings.filter((one) => !one.first_month);
    const open = owed.filter((one) => one.left_fen > 0);
    const body = [
      open.length > 0 && section(t("To be paid back"), list(open.map(owedRow))),
      own.claims.length > 0 && section(t("What you asked for"), list(own.claims.map((one) => claimRow(one, several)))),
      ...monthsOf(own.lines).map(([month, lines]) =>
        section(monthWords(month), list(lines.map((one) => lineRow(one, several))))),
      asked.length > 0 && section(t("You can ask for this"), list(asked.map((all) => openingRow(all, several)))),
      own.objections.length > 0 && section(t("What you said was wrong"), list(own.objections.map(objectionRow))),
      later.length > 0 && section(t("Later"), list(later.map((one) => laterRow(one, several)))),
      owed.length > open.length && buttonLink(t("What was paid back before"), `${HOME}/owed`, { kind: "quiet" }),
    ].filter(Boolean);
    return { body: body.length > 0 ? body : nothing() };
  },
};

function nothing() {
  return bigState("empty", [t("There is no subsidy of yours to show yet."),
    t("What is granted to you stands here month by month, with the reason for every amount.")]);
}

function monthsOf(lines) {
  const months = [...new Set(lines.map((one) => one.month))];
  return months.map((month) => [month, lines.filter((one) => one.month === month)]);
}

function lineRow(line, several) {
  const amount = line.state === "refused" ? "" : money(line.amount_fen);
  return linkRow({
    path: pathOfLine(line),
    lead: "money",
    title: [line.programme_name, amount].filter(Boolean).join(" "),
    notes: [several && line.person_name, line.state === "refused" ? line.reasons[0] : payeeWords(line)],
    extra: lineBadge(line),
  });
}

/** One row for a programme and a person, however many periods of it may be asked for. */
function groupsOf(openings) {
  const nameOf = (one) => `${one.programme} ${one.resident_id}`;
  return [...new Set(openings.map(nameOf))].map((name) => openings.filter((one) => nameOf(one) === name));
}

function openingRow(all, several) {
  const [one] = all;
  return linkRow({
    path: `${HOME}/claims/new`,
    query: one.resident_id ? { programme: one.programme, resident: one.resident_id } : { programme: one.programme },
    lead: "booking",
    title: one.programme_name,
    notes: [several && one.person_name,
      all.length > 1 ? t("{count} times to choose from", { count: all.length }) : monthsWords(one),
      one.closes_on && t("Until {day}", { day: dayOfYear(one.closes_on) })],
  });
}

function laterRow(one, several) {
  return stillRow({
    lead: "clock",
    title: one.programme_name,
    notes: [several && one.person_name, t("From {day} on", { day: dayOfYear(one.opens_on) })],
  });
}

function claimRow(claim, several) {
  const missing = claim.can_fill && claim.missing.length > 0;
  return linkRow({
    path: `${HOME}/claims/${claim.id}`,
    lead: "booking",
    title: `${claim.programme_name} ${monthsWords(claim)}`,
    notes: [several && claim.person_name, claim.expected_fen > 0 && money(claim.expected_fen),
      missing && t("Still missing: {papers}", { papers: claim.missing.join("、") }),
      claim.due_on && t("You are answered by {day} at the latest", { day: calendarDay(claim.due_on) })],
    extra: claimBadge(claim),
  });
}

function objectionRow(one) {
  const answered = one.answer !== null;
  return stillRow({
    lead: "message",
    title: one.said,
    notes: [one.programme_name, answered && one.answer],
    extra: badge(answered ? answerWords(one) : t("Answered until {day}", { day: dayOfYear(one.due_on) }),
      answered ? "good" : "look"),
    dashed: false,
  });
}

function answerWords(one) {
  return one.is_upheld ? t("You were right") : t("It was right as it was");
}

// One care bed at home: where it stands, what comes next and by when, and the way out.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, buttonLink, callButton, facts, list, notice, stillRow } from "../../../lib/parts.js";
import { calendarDay, dayOfYear, dayWords, momentWords, money } from "../../../lib/words.js";
import { alarmWords, answerWords, outcomeWords } from "./alarm_words.js";
import { endWords, nextWords, stateWords } from "./home_bed_words.js";

export const homeBed = {
  title: () => t("Care bed at home"),
  parent: "/care/home-beds",

  load: ({ params, read }) => read(`/home-beds/${params.bed}`),

  view(one) {
    return { title: stateWords(one.state), body: [
      one.state === "ended" ? notice("look", endWords(one), one.end_note) : next(one),
      one.site_phone && callButton(t("Call {site}", { site: one.site_name }), one.site_phone),
      one.alarms.length > 0 && alarms(one.alarms),
      one.agreement && agreement(one.agreement),
      way(one),
      one.can_withdraw && leaveLink(one),
    ].filter(Boolean) };
  },
};

function leaveLink(one) {
  return buttonLink(t("I do not want it any more"), `/care/home-beds/${one.id}/end`, { kind: "quiet" });
}

function next(one) {
  return notice(one.state === "serving" ? "good" : "info", nextWords(one.state),
    one.due_on && t("This takes until {day} at the latest.", { day: dayWords(one.due_on) }));
}

function alarms(calls) {
  const rows = calls.map((call) => stillRow({
    lead: call.is_over ? "check" : "look",
    title: t("{kind}, {time}", { kind: alarmWords(call.kind), time: momentWords(call.raised_at) }),
    notes: [answerWords(call), call.outcome && outcomeWords(call.outcome)],
    extra: call.is_over ? [] : badge(t("now"), "look"),
  }));
  return h("section.stack", {}, h("h2", {}, t("Calls for help")), list(rows));
}

function agreement(terms) {
  return h("section.card", { "aria-label": t("Your agreement") }, facts([
    ["money", t("You pay a month"), money(terms.own_pay_fen)],
    ["clock", t("Agreed until before"), dayOfYear(terms.ends_on)],
  ]));
}

function way(one) {
  const rows = one.steps.map((step) => stillRow({
    lead: step.done_on ? "check" : step.is_now ? "clock" : "next",
    title: stateWords(step.state),
    notes: [one.state !== "ended" && step.done_on && calendarDay(step.done_on)],
    extra: step.is_now ? badge(t("now"), "look") : step.done_on ? badge(t("done"), "good") : [],
  }));
  return one.state === "ended" ? null : h("section.stack", {}, h("h2", {}, t("The way there")), list(rows));
}

// My applications and visits: what waits for me stands first.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { badge, bigState, buttonLink, linkRow, list } from "../../lib/parts.js";
import { capital, dayWords } from "../../lib/words.js";
import { applicationState, partWords, visitState } from "./home_words.js";

export const applications = {
  title: () => t("My applications and visits"),
  parent: "/care",
  backToParent: true,
  recalls: true,

  async load({ read }) {
    const [queue, visits] = await Promise.all([read("/applications"), read("/viewings")]);
    return { queue: queue.items, visits: visits.items };
  },

  view({ queue, visits }) {
    if (queue.length + visits.length === 0) return { body: nothing() };
    return { body: [
      queue.length > 0 && section(t("Applications"), queue.map(applicationRow)),
      visits.length > 0 && section(t("Visits"), visits.map(visitRow)),
    ].filter(Boolean) };
  },
};

function section(title, rows) {
  return h("section.stack", {}, h("h2", {}, title), list(rows));
}

function applicationRow(one) {
  return linkRow({
    path: `/care/applications/${one.id}`,
    lead: "bed",
    title: one.site_name,
    notes: [one.resident_name],
    extra: badge(applicationState(one), one.offer || one.state === "accepted" ? "good" : "look"),
  });
}

function visitRow(visit) {
  return linkRow({
    path: `/care/visits/${visit.id}`,
    lead: "clock",
    title: visit.site_name,
    notes: [`${capital(dayWords(visit.day))} ${partWords(visit.part)}`],
    extra: badge(visitState(visit), visit.state === "confirmed" ? "good" : "look"),
  });
}

function nothing() {
  return bigState("care", [t("You have not applied anywhere and arranged no visit yet.")],
    [buttonLink(t("Look for a home"), "/care")]);
}

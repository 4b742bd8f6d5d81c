// Who comes to my home: a plan that waits for my yes, what is to be confirmed, who comes next, who was there.

import { today } from "../../lib/clock.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { badge, bigState, buttonLink, linkRow, list } from "../../lib/parts.js";
import { face } from "./face.js";
import { tasksOf, visitBadge, visitDay } from "./visit_words.js";

export const visits = {
  title: () => t("Who comes to my home"),
  parent: "/help",
  recalls: true,

  async load({ read }) {
    const [seen, plans, said] = await Promise.all([
      read("/care-visits"), read("/care-plans"), read("/care-wishes"),
    ]);
    return { visits: seen.items, plans: plans.items, said: said.items };
  },

  view({ visits: all, plans, said }) {
    if (all.length + plans.length + said.length === 0) return { body: nothing() };
    const open = all.filter((one) => one.state === "done" && !one.is_confirmed);
    const next = all.filter((one) => ["planned", "under_way"].includes(one.state) && one.service_on >= today());
    const others = all.filter((one) => !open.includes(one) && !next.includes(one)).reverse();
    return { body: [
      section(t("Please say yes or no"), plans.filter((one) => one.state === "drafted").map(planRow)),
      section(t("Please confirm"), open.map(row)),
      section(t("Who comes next"), next.map(row)),
      section(t("What was agreed"), plans.filter((one) => one.state === "agreed").map(planRow)),
      section(t("What I said"), said.map(saidRow)),
      section(t("Who was there"), others.map(row)),
    ].filter(Boolean) };
  },
};

function section(title, rows) {
  return rows.length > 0 && h("section.stack", {}, h("h2", {}, title), list(rows));
}

function row(one) {
  return linkRow({
    path: `/visits/${one.id}`,
    lead: face(one),
    title: `${visitDay(one)} ${one.worker_name || ""}`,
    notes: [tasksOf(one), one.resident_name],
    extra: badge(...visitBadge(one)),
  });
}

function planRow(one) {
  return linkRow({
    path: `/visits/plans/${one.id}`,
    lead: "care",
    title: t("Care plan of {name}", { name: one.resident_name || "" }),
    notes: [one.site_name],
    extra: one.state === "drafted" ? badge(t("Waits for you"), "look") : badge(t("Agreed"), "good"),
  });
}

function saidRow(one) {
  return linkRow({
    path: `/visits/said/${one.id}`,
    lead: "message",
    title: one.words,
    notes: [one.resident_name],
    extra: one.answered_at ? badge(t("Answered"), "good") : badge(t("Being looked into"), "look"),
  });
}

function nothing() {
  return bigState("care", [t("Nobody comes to your home by a plan yet.")],
    [buttonLink(t("Find care"), "/care", { kind: "quiet" })]);
}

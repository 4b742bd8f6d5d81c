// Everything that canteens announce now, the latest first; opened here it counts as read.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, bigState } from "../../../lib/parts.js";
import { fullDay, mealWords } from "../../../lib/words.js";
import { noteRead } from "../notices.js";

export const announcements = {
  title: () => t("Announcements of canteens"),
  parent: "/help",
  load: ({ read }) => read("/announcements"),

  view({ items }) {
    markRead(items);
    return { body: items.length ? items.map(card) : bigState("empty", [t("Nothing is announced now.")]) };
  },
};

/** One after the other and in silence: what could not be noted is new again next time. */
async function markRead(items) {
  try {
    for (const one of items) if (!one.is_read) await noteRead(one.kind, one.id);
  } catch (unreachable) {
    // Nobody is told of a mark that could not be made.
  }
}

function card(one) {
  return h("section.card.stack", {},
    h("h2", {}, titleOf(one)),
    !one.is_read && h("p", {}, badge(t("New"))),
    h("p", {}, one.words),
    h("p.soft", {}, [one.canteen_name, daysOf(one)].filter(Boolean).join(" · ")));
}

function titleOf(one) {
  if (one.kind === "notice") return one.title;
  return one.meal
    ? t("Closed for {meal}: {day}", { meal: mealWords(one.meal), day: fullDay(one.starts_on) })
    : t("Closed: {day}", { day: fullDay(one.starts_on) });
}

function daysOf(one) {
  return one.kind === "notice" ? t("until {day}", { day: fullDay(one.ends_on) }) : null;
}

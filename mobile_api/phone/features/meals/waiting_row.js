// A place in a line as a row: what is offered says so.

import { t } from "../../lib/i18n.js";
import { badge, linkRow } from "../../lib/parts.js";
import { mealOn } from "../../lib/words.js";

export function waitingRow(one) {
  const isOffered = one.state === "offered";
  return linkRow({
    path: `/meals/waiting/${one.id}`,
    lead: isOffered ? "good" : "clock",
    title: isOffered ? t("A place is free. Do you want it?") : mealOn(one),
    notes: [isOffered && mealOn(one), one.canteen_name].filter(Boolean),
    extra: badge(isOffered ? t("Kept for you") : t("Waiting for a place"), isOffered ? "good" : "look"),
  });
}

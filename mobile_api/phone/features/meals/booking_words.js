// A booking's state in a word, with the icon and colour that go with it.

import { t } from "../../lib/i18n.js";
import { badge } from "../../lib/parts.js";

export function statusBadge(booking) {
  const [words, kind] = {
    booked: [t("Booked"), "good"],
    collected: [t("Collected"), "plain"],
    cancelled: [t("Cancelled"), "plain"],
    not_collected: [t("Not collected"), "look"],
  }[booking.status] || [booking.status, "plain"];
  return badge(words, kind);
}

export function bookedByWords(booking) {
  const words = {
    helper: t("Booked by your helper"),
    staff: t("Booked for you by a member of staff"),
    canteen: t("Booked by a telephone call"),
    paper: t("Booked on paper"),
    standing: t("Your standing order"),
    walk_in: t("Eaten without booking"),
  };
  return words[booking.booked_by] || null;
}

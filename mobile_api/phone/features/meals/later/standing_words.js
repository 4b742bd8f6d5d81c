// A standing order in words: which days, until when, and why it rests.

import { t } from "../../../lib/i18n.js";
import { dayWords } from "../../../lib/words.js";

const A_DAY = 24 * 3600 * 1000;

export function weekdayWords(day) {
  return [t("Monday"), t("Tuesday"), t("Wednesday"), t("Thursday"), t("Friday"), t("Saturday"), t("Sunday")][day - 1];
}

export function daysWords(days) {
  if (days.length === 7) return t("Every day");
  if (days.join() === "1,2,3,4,5") return t("Monday to Friday");
  return days.map(weekdayWords).join(t(", "));
}

/** The last day without meals of a pause, or with meals of an order: the day before the one kept. */
export function dayBefore(day) {
  return new Date(new Date(day).getTime() - A_DAY).toISOString().slice(0, 10);
}

export function dayAfter(day) {
  return new Date(new Date(day).getTime() + A_DAY).toISOString().slice(0, 10);
}

export function pauseWords(pause) {
  if (pause.cause === "in_hospital") return t("Paused while in hospital");
  if (pause.cause === "in_care_home") return t("Paused while living in a care home");
  const days = { first: dayWords(pause.starts_on), last: dayWords(dayBefore(pause.ends_on)) };
  return t("Paused: {first} to {last}", days);
}

// Visits to one's home in the words of daily life.

import { timeOf } from "../../lib/clock.js";
import { t } from "../../lib/i18n.js";
import { capital, dayWords } from "../../lib/words.js";

export function visitDay(one) {
  return `${capital(dayWords(one.service_on))} ${timeOf(new Date(one.starts_at))}`;
}

/** The badge of a visit: its words and its kind. */
export function visitBadge(one) {
  if (one.state === "done" && !one.is_confirmed) return [t("Please confirm"), "look"];
  return {
    planned: [t("Coming"), "good"],
    under_way: [t("There now"), "good"],
    done: [t("Was there"), "info"],
    missed: [t("Nobody came"), "look"],
    cancelled: [t("Called off"), "look"],
  }[one.state];
}

const NAMES = () => [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")];

export function weekdays(numbers) {
  return numbers.length === 7 ? t("every day") : numbers.map((one) => NAMES()[one - 1]).join("、");
}

export function tasksOf(one) {
  return one.tasks.map((task) => task.name).join("、");
}

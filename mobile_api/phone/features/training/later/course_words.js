// Courses in the words of daily life.

import { timeOf } from "../../../lib/clock.js";
import { t } from "../../../lib/i18n.js";
import { badge } from "../../../lib/parts.js";
import { capital, momentWords } from "../../../lib/words.js";

export function kindWords(kind) {
  return {
    skill: t("Skill level"), family: t("For families who care"), safety: t("Safety"),
    continuing: t("Continuing education"), other: t("Other course"),
  }[kind] || kind;
}

export function classWords(meeting) {
  return `${capital(momentWords(meeting.starts_at))} – ${timeOf(new Date(meeting.ends_at))}`;
}

export function placeBadge(one) {
  if (one.state === "cancelled") return badge(t("Called off"), "danger");
  if (one.enrolment_state === "enrolled") return badge(t("You have a place"), "good");
  if (one.enrolment_state === "waiting") return badge(t("You wait: number {turn}", { turn: one.turn }), "look");
  const left = one.capacity - one.enrolled;
  return left > 0 ? badge(t("{count} places left", { count: left }), "good") : badge(t("Full, you can wait"), "look");
}

export function hoursOf(minutes) {
  return t("{hours} hours", { hours: Math.round(minutes / 6) / 10 });
}

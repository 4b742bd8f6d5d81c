// What a caregiver's file says, in words.

import { t } from "../../../lib/i18n.js";
import { dayOfYear } from "../../../lib/words.js";

export function levelWords(level) {
  return {
    5: t("Level five, junior worker"),
    4: t("Level four, intermediate worker"),
    3: t("Level three, senior worker"),
    2: t("Level two, technician"),
    1: t("Level one, senior technician"),
  }[level];
}

export function postWords(post) {
  return {
    care: t("Care"),
    nursing: t("Nurse"),
    rehabilitation: t("Rehabilitation"),
    social_work: t("Social worker"),
    assessment: t("Assessor"),
    management: t("Management"),
    finance: t("Finance"),
    personnel: t("Personnel"),
    logistics: t("Logistics"),
  }[post];
}

export function degreeWords(degree) {
  return {
    secondary: t("Secondary vocational school"),
    college: t("College"),
    bachelor: t("Bachelor"),
    master: t("Master or higher"),
  }[degree];
}

export function standingWords(standing) {
  return {
    good: t("Good today"),
    ended: t("It has ended"),
    annulled: t("It was annulled"),
    not_yet: t("Not valid yet"),
  }[standing];
}

export function proofWords(kind) {
  return kind === "certificate" ? t("Skill certificate") : t("Proof of education");
}

export function settledWords(state) {
  return {
    waiting: t("Your employer looks at it"),
    confirmed: t("It is in your file"),
    refused: t("It could not be used"),
  }[state];
}

/** One thing that is missing, as a sentence. */
export function missingWords({ code, facts, until }) {
  return {
    education: () => t("Your file has no recognised education."),
    payee: () => t("Your file has no account that money can be paid to."),
    contract: () => (facts.years
      ? t("Your file has no contract of {years} years or more.", { years: facts.years })
      : t("Your file has no labour contract.")),
    certificate: () => t("Your file has no skill certificate."),
    certificate_proof: () => t("Nobody has proved your skill certificate yet."),
    certificate_ended: () => t("Your certificate ended on {day}.", { day: dayOfYear(facts.ended_on) }),
    certificate_ending: () => t("Your certificate ends on {day}, in {days} days.", {
      day: dayOfYear(until), days: facts.days,
    }),
    hours: () => t("Of {wanted} hours of learning this year you have {hours}.", hoursOf(facts)),
  }[code]();
}

/** The one thing that mends it: {path, query, label}, or nothing where the employer does it. */
export function mending({ code }) {
  if (code === "education") return { kind: "education", label: t("Send a photo of the diploma") };
  if (code.startsWith("certificate")) return { kind: "certificate", label: t("Send a photo of the certificate") };
  return null;
}

/** Minutes as hours, with one figure behind the point where they are not whole. */
export function asHours(minutes) {
  const hours = Math.round(minutes / 6) / 10;
  return Number.isInteger(hours) ? String(hours) : hours.toFixed(1);
}

function hoursOf(facts) {
  return { wanted: asHours(facts.wanted), hours: asHours(facts.minutes) };
}

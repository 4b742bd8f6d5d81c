// My certificates, the highest first, each with the days that it has left.

import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { dayOfYear } from "../../../lib/words.js";
import { levelWords, standingWords } from "./caregiver_words.js";

export const certificates = {
  title: () => t("My certificates"),
  parent: "/caregiver",
  load: ({ read }) => read("/caregiver"),

  view(file) {
    const action = actionBar(buttonLink(t("Send a photo of the certificate"), "/caregiver/send", {
      query: { kind: "certificate" },
    }));
    if (file.certificates.length === 0) {
      return { body: [bigState("empty", [t("Your file has no skill certificate.")])], action };
    }
    return { body: [list(file.certificates.map(row))], action };
  },
};

function row(one) {
  return linkRow({
    path: `/caregiver/certificates/${one.id}`,
    lead: one.standing === "good" ? "good" : "danger",
    title: levelWords(one.level),
    notes: [standingWords(one.standing), lasting(one)],
  });
}

/** Until when, and how many days that are. */
export function lasting(one) {
  if (!one.valid_until) return t("without end");
  if (one.days_left < 0) return t("until {day}", { day: dayOfYear(one.valid_until) });
  return t("until {day}, {days} days left", { day: dayOfYear(one.valid_until), days: one.days_left });
}

// My education, and how much of this year's learning is done.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, badge, buttonLink, facts, notice } from "../../../lib/parts.js";
import { dayOfYear, momentWords } from "../../../lib/words.js";
import { asHours, degreeWords, proofWords, settledWords } from "./caregiver_words.js";

export const education = {
  title: () => t("Education and learning"),
  parent: "/caregiver",
  load: ({ read }) => read("/caregiver"),

  view(file) {
    return {
      body: [
        h("section.stack", {}, h("h2", {}, t("My education")),
          file.education.length === 0 && h("p", {}, t("Your file has no recognised education.")),
          file.education.map(card)),
        h("section.stack", {}, h("h2", {}, t("Learning this year")), learning(file.hours)),
        file.proofs.length > 0 && h("section.stack", {}, h("h2", {}, t("What I sent")), file.proofs.map(sent)),
      ],
      action: actionBar(buttonLink(t("Send a photo of the diploma"), "/caregiver/send", {
        query: { kind: "education" },
      })),
    };
  },
};

function card(one) {
  return h("section.card", { "aria-label": one.school },
    h("p", {}, h("strong", {}, degreeWords(one.degree)), " · ", one.school, one.subject && ` · ${one.subject}`),
    facts([["clock", t("Obtained on"), dayOfYear(one.obtained_on)]]),
    h("p", {}, one.is_recognised ? badge(t("recognised"), "good") : badge(t("not recognised yet"))));
}

function learning(hours) {
  const is_done = hours.minutes >= hours.wanted_minutes;
  return notice(is_done ? "good" : "look", t("{hours} of {wanted} hours this year", {
    hours: asHours(hours.minutes), wanted: asHours(hours.wanted_minutes),
  }), !is_done && t("Until {day}.", { day: dayOfYear(`${hours.year}-12-31`) }));
}

function sent(one) {
  const kind = { waiting: "info", confirmed: "good", refused: "danger" }[one.state];
  return notice(kind, `${proofWords(one.kind)}: ${settledWords(one.state)}`, momentWords(one.sent_at), one.said);
}

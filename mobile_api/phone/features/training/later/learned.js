// What I learned: hours of this year, results, certificates to keep, contests.

import { readPicture } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, bigState, button, list, notice, stillRow } from "../../../lib/parts.js";
import { dayWords } from "../../../lib/words.js";
import { hoursOf } from "./course_words.js";

export const learned = {
  title: () => t("What I learned"),
  parent: "/caregiver/courses",
  backToParent: true,

  load: ({ read }) => read("/learning"),

  view(mine, { perform }) {
    return {
      body: [
        mine.hours > 0 && yearly(mine),
        mine.runs.length + mine.contests.length === 0
          && bigState("bookings", [t("You have taken part in no course yet.")]),
        mine.runs.length > 0
          && h("section.stack", {}, h("h2", {}, t("Courses")), mine.runs.map((one) => run(one, perform))),
        mine.contests.length > 0 && contests(mine.contests),
      ].filter(Boolean),
    };
  },
};

function yearly({ minutes, hours }) {
  const isEnough = minutes >= hours * 60;
  return notice(isEnough ? "good" : "look",
    t("{done} of {hours} hours this year", { done: Math.round(minutes / 6) / 10, hours }),
    isEnough ? t("That is enough for this year.") : t("Continuing education is asked for every year."));
}

function run(one, perform) {
  return h("section.card.stack", { "aria-label": one.course },
    h("h3", {}, one.course),
    h("p", {}, t("Attended {done} of {planned}", { done: hoursOf(one.minutes), planned: hoursOf(one.planned) })),
    one.score !== null && h("p", {}, badge(
      one.is_passed
        ? t("Passed, {score} points", { score: one.score }) : t("Not passed, {score} points", { score: one.score }),
      one.is_passed ? "good" : "look")),
    one.certificate_id !== null && certificate(one, perform));
}

function certificate(one, perform) {
  if (one.annulled_on) return badge(t("The certificate was taken back"), "danger");
  const keep = button(t("Keep the certificate (PDF)"), { kind: "quiet", iconName: "download" });
  keep.addEventListener("click", () => perform(keep, () => download(one)));
  return h("div.stack", {},
    h("p", {}, t("Certificate {number}, {day}", { number: one.certificate_number, day: dayWords(one.issued_on) })),
    keep, h("p", {}, h("a", { href: one.check_address }, t("The page that shows it is true"))));
}

async function download({ certificate_id: id, certificate_number: number }) {
  const link = h("a", { href: await readPicture(`/completion-certificates/${id}/paper`), download: `${number}.pdf` });
  document.body.append(link);
  link.click();
  link.remove();
}

function contests(rows) {
  return h("section.stack", {}, h("h2", {}, t("Contests")), list(rows.map((one) => stillRow({
    lead: "check", title: one.name, notes: [dayWords(one.held_on), one.award],
    extra: one.rank ? badge(t("Rank {rank}", { rank: one.rank }), "good") : [],
  }))));
}

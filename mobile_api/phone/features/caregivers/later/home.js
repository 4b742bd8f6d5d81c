// A caregiver's home: what is missing first, then the file page by page.

import { h } from "../../../lib/dom.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { bigState, buttonLink, callButton, linkRow, list, notice } from "../../../lib/parts.js";
import { dayOfYear } from "../../../lib/words.js";
import { asHours, levelWords, mending, missingWords, postWords } from "./caregiver_words.js";

export const caregiverHome = {
  title: () => t("My work as a caregiver"),
  parent: "/help",
  load: ({ read }) => read("/caregiver"),

  view(file) {
    if (!file.is_linked) return { body: [notLinked()] };
    return {
      title: t("{name}, caregiver", { name: file.name }),
      body: [
        missingCard(file),
        list(rows(file).map(linkRow)),
        callButton(t("Call my employer"), file.keeper_phone || hotline()),
      ],
    };
  },
};

/** The pages of the file, in their order. */
function rows(file) {
  const [present] = file.employments.filter((one) => !one.last_day);
  const [best] = file.certificates.filter((one) => one.standing === "good");
  const [learnt] = file.education;
  const { attendance, hours } = file;
  return [
    { path: "/caregiver/attendance", lead: "clock", title: t("At work this month"),
      notes: [attendance.days === null ? t("not known yet") : t("{days} days", { days: attendance.days })] },
    { path: "/caregiver/certificates", lead: "star", title: t("My certificates"),
      notes: [best ? levelWords(best.level) : t("none that is good today")] },
    { path: "/caregiver/employment", lead: "building", title: t("Where I work"),
      notes: [present ? `${present.site_name} · ${postWords(present.post)}` : t("nowhere today")] },
    { path: "/caregiver/education", lead: "booking", title: t("Education and learning"),
      notes: [learnt && learnt.school, t("{hours} of {wanted} hours this year", {
        hours: asHours(hours.minutes), wanted: asHours(hours.wanted_minutes) })] },
    { path: "/caregiver/courses", lead: "star", title: t("Courses") },
    { path: "/caregiver/allowances", lead: "money", title: t("My allowances") },
    { path: "/caregiver/reminders", lead: "clock", title: t("Reminders") },
  ];
}

function notLinked() {
  return bigState("people", [t("This phone is not linked to a caregiver's file yet.")], [
    buttonLink(t("I am a caregiver"), "/caregiver/link"),
  ]);
}

function missingCard(file) {
  if (file.missing.length === 0) return notice("good", t("Nothing is missing in your file."));
  return h("section.stack", {}, h("h2", {}, t("What is missing")), file.missing.map(missingNotice));
}

function missingNotice(one) {
  const mend = mending(one);
  const until = one.until && one.code !== "certificate_ending" && t("Until {day}.", { day: dayOfYear(one.until) });
  return h("div.stack", {},
    notice("look", missingWords(one), until, !mend && t("Your employer can mend it: please call.")),
    mend && buttonLink(mend.label, "/caregiver/send", { kind: "quiet", query: { kind: mend.kind } }));
}

// My courses: the door first, then where I have a place, then what I can enrol for.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { capital, momentWords } from "../../../lib/words.js";
import { kindWords, placeBadge } from "./course_words.js";

export const courses = {
  title: () => t("My courses"),
  parent: "/help",

  load: ({ read }) => read("/courses"),

  view({ items }) {
    const mine = items.filter((one) => one.enrolment_id);
    const open = items.filter((one) => !one.enrolment_id);
    const hasPlace = mine.some((one) => one.enrolment_state === "enrolled" && one.state === "published");
    return {
      body: [
        items.length === 0 && bigState("bookings", [
          t("No course is open to you now."), t("Look again in a few days.")]),
        mine.length > 0 && section(t("Where you take part"), mine),
        open.length > 0 && section(t("What you can learn"), open),
        buttonLink(t("My hours, results and certificates"), "/caregiver/learned", { kind: "quiet", iconName: "check" }),
      ].filter(Boolean),
      action: hasPlace
        ? actionBar(buttonLink(t("Sign in at the door"), "/caregiver/door", { iconName: "check" })) : undefined,
    };
  },
};

function section(title, items) {
  return h("section.stack", {}, h("h2", {}, title), list(items.map((one) => linkRow({
    path: `/caregiver/courses/${one.id}`,
    lead: "booking",
    title: one.name,
    notes: [capital(momentWords(one.starts_at)), one.place, kindWords(one.kind)],
    extra: placeBadge(one),
  }))));
}

// One course: when and where, my place, and the one button that comes next.

import { act } from "../../../lib/api.js";
import { now } from "../../../lib/clock.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, callButton, facts, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { capital, momentWords } from "../../../lib/words.js";
import { classWords, hoursOf, kindWords, placeBadge } from "./course_words.js";

export const oneCourse = {
  title: () => t("A course"),
  parent: "/caregiver/courses",
  backToParent: true,

  load: ({ params, read }) => read(`/courses/${params.session}`),

  view(course, { perform }) {
    return {
      title: course.name,
      body: [placeBadge(course), ...said(course), what(course), classes(course),
        course.phone && callButton(t("Call the organiser"), course.phone)].filter(Boolean),
      action: next(course, perform),
    };
  },
};

function said(course) {
  if (course.state === "cancelled") return [notice("look", t("This course is called off."), course.cancel_reason)];
  if (course.enrolment_state !== "waiting") return [];
  return [notice("look", t("You are number {turn} in the line.", { turn: course.turn }),
    t("When a place is free, it is yours, and you get a message."))];
}

function what(course) {
  return h("section.card", { "aria-label": t("A course") }, facts([
    ["info", t("Kind"), kindWords(course.kind)],
    ["clock", t("Takes"), hoursOf(course.minutes)],
    ["place", t("Place of the class"), course.place],
    ["people", t("Teacher"), course.teacher],
    ["clock", t("Enrol until"), capital(momentWords(course.enrol_until))],
    course.about && ["info", t("About"), course.about],
    course.has_exam && ["check", t("Exam"), t("There is one at the end")],
  ]));
}

function classes(course) {
  return h("section.stack", {}, h("h2", {}, t("Classes")),
    h("ul.plain-list", {}, course.meetings.map((one) => h("li", {}, classWords(one)))));
}

function next(course, perform) {
  if (course.state === "cancelled") return undefined;
  const isOpen = new Date(course.enrol_until) > now();
  const leave = isOpen && buttonLink(t("Give up my place"), `/caregiver/courses/${course.id}/leave`, { kind: "quiet" });
  if (course.enrolment_state === "enrolled") {
    const door = buttonLink(t("Sign in at the door"), "/caregiver/door", { iconName: "check" });
    return actionBar(...[door, leave].filter(Boolean));
  }
  if (course.enrolment_state === "waiting") return leave ? actionBar(leave) : undefined;
  const words = course.enrolled < course.capacity ? t("Enrol now") : t("Wait for a place");
  if (course.kind === "family") {
    return actionBar(buttonLink(words, `/caregiver/courses/${course.id}/carer`, { iconName: "next" }));
  }
  const enrol = button(words, { iconName: "check" });
  enrol.addEventListener("click", () => perform(enrol, () => enrolIn(course.id)));
  return actionBar(enrol);
}

async function enrolIn(session) {
  const course = await act("POST", `/courses/${session}/enrolment`, {});
  sayNext(course.enrolment_state === "enrolled" ? t("You have a place.") : t("You wait for a place now."));
  go(`/caregiver/courses/${session}`, {}, { replace: true });
}

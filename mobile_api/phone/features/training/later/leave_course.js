// Giving up a place, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";

export const leaveCourse = {
  title: () => t("Give up your place?"),
  parent: "/caregiver/courses",

  load: ({ params, read }) => read(`/courses/${params.session}`),

  view(course, { perform }) {
    const end = button(t("Give up my place"), { kind: "danger" });
    end.addEventListener("click", () => perform(end, () => leave(course)));
    return {
      body: notice("look", course.name, t("Whoever waits longest gets it. You can enrol again until the deadline.")),
      action: actionBar(end, buttonLink(t("Keep my place"), `/caregiver/courses/${course.id}`, { kind: "quiet" })),
    };
  },
};

async function leave(course) {
  await act("POST", `/enrolments/${course.enrolment_id}/cancellation`, {});
  sayNext(t("That is done."));
  go("/caregiver/courses", {}, { replace: true });
}

// Leaving the queue, asked on a page of its own.

import { act } from "../../lib/api.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";

export const leaveQueue = {
  title: () => t("Leave the queue?"),
  parent: "/care/applications",

  view(_, { params, perform }) {
    const leave = button(t("Leave the queue"), { kind: "danger" });
    leave.addEventListener("click", () => perform(leave, () => end(params.application)));
    const stay = buttonLink(t("Stay in the queue"), `/care/applications/${params.application}`, { kind: "quiet" });
    return {
      body: notice("look", t("Your place goes to the next."), t("You can apply again later, at the end of the queue.")),
      action: actionBar(leave, stay),
    };
  },
};

async function end(application) {
  await act("POST", `/applications/${application}/end`, {});
  sayNext(t("That is done."));
  go("/care/applications", {}, { replace: true });
}

// At the door: the six digits of the screen, or its code by the camera where the browser can.

import { act } from "../../../lib/api.js";
import { timeOf } from "../../../lib/clock.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { field } from "../../identity/field.js";
import { canScan, watch } from "./scanning.js";

export const courseDoor = {
  title: () => t("Sign in at the door"),
  parent: "/caregiver/courses",

  load: async () => ({ scans: await canScan() }),

  view({ scans }, { perform }) {
    const digits = field({
      input: h("input.field__input", {
        id: "door-code", name: "door-code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 7,
      }),
      label: t("The six digits on the screen"), hint: t("They are new every half minute"),
    });
    const send = button(t("Sign in to the class"), { iconName: "check" });
    send.addEventListener("click", () => {
      const code = digits.input.value.replace(/\D/g, "");
      if (code.length !== 6) return digits.refuse(t("The code has six digits."));
      digits.accept();
      return perform(send, () => signIn(code));
    });
    return {
      body: [digits.element, scans && camera(send, perform),
        h("p.soft", {}, t("Scan or type once when you come, and once more when you leave."))].filter(Boolean),
      action: actionBar(send),
    };
  },
};

function camera(send, perform) {
  const video = h("video", { muted: true, playsinline: true, hidden: true, width: 320, "aria-label": t("Camera") });
  const open = button(t("Scan the code instead"), { kind: "quiet", iconName: "search" });
  open.addEventListener("click", async () => {
    video.hidden = false;
    open.hidden = true;
    const stop = await watch(video, (text) => { stop(); perform(send, () => signIn(text)); }).catch(() => () => {});
  });
  return h("div.stack", {}, open, video);
}

async function signIn(code) {
  const there = await act("POST", "/course-attendances", { code });
  sayNext(there.left_at
    ? t("Signed out at {time}. {minutes} minutes count.", {
      time: timeOf(new Date(there.left_at)), minutes: there.minutes })
    : t("Signed in at {time}.", { time: timeOf(new Date(there.arrived_at)) }));
  go("/caregiver/courses", {}, { replace: true });
}

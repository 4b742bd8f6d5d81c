// This month's days at work, and the button that says: I am here.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, facts, notice } from "../../../lib/parts.js";
import { momentWords } from "../../../lib/words.js";

export const attendance = {
  title: () => t("At work this month"),
  parent: "/caregiver",
  load: ({ read }) => read("/caregiver"),
  view: (file, { perform, replaceView }) => shown(file.attendance, { perform, replaceView }),
};

function shown(month, tools) {
  return {
    body: [
      month.today.arrived_at
        ? notice("good", t("You are counted for today."))
        : notice("info", t("Are you at work today? Press the button below.")),
      h("section.card", { "aria-label": t("At work this month") }, facts([
        ["clock", t("Days this month"), daysWords(month.days)],
        month.source && ["info", t("Known by"), sourceWords(month.source)],
        month.today.arrived_at && ["good", t("Came today"), momentWords(month.today.arrived_at)],
        month.today.left_at && ["leave", t("Left today"), momentWords(month.today.left_at)],
      ])),
      h("p.soft", {}, t("Is a day missing? Your employer can put it right.")),
    ],
    action: actionBar(punchButton(month, tools)),
  };
}

function daysWords(days) {
  return days === null ? t("not known yet") : t("{days} days", { days });
}

function punchButton(month, { perform, replaceView }) {
  const isHere = Boolean(month.today.arrived_at);
  const punch = button(isHere ? t("I leave now") : t("I am here"), { kind: isHere ? "quiet" : "go" });
  punch.addEventListener("click", () => perform(punch, async () => {
    const answer = await act("POST", "/caregiver/punches", { is_leaving: isHere });
    replaceView(shown(answer, { perform, replaceView }));
  }));
  return punch;
}

function sourceWords(source) {
  return {
    punched: t("your own punches"),
    filed: t("your employer"),
    imported: t("your employer"),
  }[source];
}

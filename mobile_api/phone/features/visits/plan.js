// A care plan: what is done on which days and by whom, and my yes or no.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, facts } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { dayOfYear } from "../../lib/words.js";
import { tasksOf, weekdays } from "./visit_words.js";

export const plan = {
  title: () => t("Care plan"),
  parent: "/visits",
  backToParent: true,

  async load({ params, read }) {
    const { items } = await read("/care-plans");
    const found = items.find((one) => String(one.id) === params.plan);
    if (!found) throw new Problem(404, { code: "not-found" });
    return found;
  },

  view(one, { perform }) {
    const yes = button(t("Yes, that suits me"), { iconName: "check" });
    const agreed = t("Agreed. They will come by this plan.");
    yes.addEventListener("click", () => perform(yes, () => say(one, "agreement", agreed)));
    const no = button(t("No, it does not suit me"), { kind: "quiet" });
    const refused = t("Noted. Your provider will call you.");
    no.addEventListener("click", () => perform(no, () => say(one, "refusal", refused)));
    return {
      body: [
        h("p.for-whom", {}, one.resident_name || ""),
        h("p", {}, t("From {day} on, by {site}", { day: dayOfYear(one.starts_on), site: one.site_name })),
        one.items.map(item), one.note && h("p", {}, one.note),
        one.state === "drafted" && no,
      ].filter(Boolean),
      action: one.state === "drafted" ? actionBar(yes) : null,
    };
  },
};

function item(one) {
  return h("section.card", { "aria-label": tasksOf(one) }, facts([
    ["care", t("What is done"), tasksOf(one)],
    ["clock", t("When"), `${weekdays(one.weekdays)} ${one.starts}`],
    ["info", t("Minutes"), String(one.minutes)],
    ["person", t("Who comes"), one.worker_name || ""],
  ]));
}

async function say(one, what, sentence) {
  await act("POST", `/care-plans/${one.id}/${what}`, {});
  sayNext(sentence);
  go("/visits", {}, { replace: true });
}

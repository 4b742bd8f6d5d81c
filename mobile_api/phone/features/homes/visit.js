// One visit: when, what the home says to it, and calling it off.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, callButton, facts } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { capital, fullDay } from "../../lib/words.js";
import { partWords, visitState } from "./home_words.js";

export const visit = {
  title: () => t("A visit"),
  parent: "/care/applications",

  async load({ params, read }) {
    const { items } = await read("/viewings");
    const found = items.find((one) => String(one.id) === params.visit);
    if (!found) throw new Problem(404, { code: "not-found" });
    return found;
  },

  view(one, { perform }) {
    const cancel = button(t("Call the visit off"), { kind: "danger" });
    cancel.addEventListener("click", () => perform(cancel, () => callOff(one.id)));
    return {
      title: one.site_name,
      body: [
        h("section.card", { "aria-label": t("A visit") }, facts([
          ["clock", t("When"), `${capital(fullDay(one.day))} ${partWords(one.part)}`],
          ["info", t("State"), visitState(one)],
          one.answer && ["message", t("The home says"), one.answer],
          ["place", t("Address"), one.site_address],
        ])),
        one.site_phone && callButton(t("Call"), one.site_phone),
      ].filter(Boolean),
      action: one.can_cancel ? actionBar(cancel) : null,
    };
  },
};

async function callOff(id) {
  await act("POST", `/viewings/${id}/cancellation`, {});
  sayNext(t("The visit is called off."));
  go("/care/applications", {}, { replace: true });
}

// One claim: where it stands, what the county says, and taking it back.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { money, momentWords } from "../../../lib/words.js";
import { HOME, papersOf, readOwn } from "./allowance_words.js";

export const allowanceClaim = {
  title: () => t("My claim"),
  parent: HOME,
  backToParent: true,

  load: ({ read }) => readOwn(read),

  view(own, { params, perform }) {
    const one = own.claims.find((each) => String(each.id) === params.claim);
    if (!one) return { body: bigState("empty", [t("There is no such claim.")]) };
    const back = button(t("Take it back"), { kind: "warn" });
    back.addEventListener("click", () => perform(back, () => takeBack(one.id)));
    return {
      body: [
        one.state === "returned" && notice("look", t("The county gave it back"), one.words,
          t("Mend it with your home, which hands it in again.")),
        h("section.card.stack", {},
          h("h2", {}, `${one.programme_name} ${one.period.replace("/", " – ")}`),
          h("p.purse__left", {}, money(one.amount_fen)),
          h("p", {}, badge(one.state_name, one.state === "accepted" ? "good" : "look")),
          h("p", {}, t("Handed in: {when}", { when: momentWords(one.handed_in_at) })),
          papersOf(one.missing)),
      ].filter(Boolean),
      action: one.can_withdraw ? actionBar(back) : undefined,
    };
  },
};

async function takeBack(id) {
  await act("POST", `/allowance-claims/${id}/withdrawal`);
  sayNext(t("Your claim is taken back."));
  go(HOME, {}, { replace: true });
}

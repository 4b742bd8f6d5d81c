// The last look before a claim: what for, how much, and which papers are missing.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { dayOfYear, money } from "../../../lib/words.js";
import { HOME, papersOf, readOwn } from "./allowance_words.js";

export const claimAllowance = {
  title: () => t("Claim an allowance"),
  parent: HOME,

  load: ({ read }) => readOwn(read),

  view(own, { params, perform }) {
    const one = own.claimable.find((each) => each.programme === params.programme);
    if (!one) return { body: bigState("empty", [t("There is nothing to claim now.")]) };
    const send = button(t("Claim it now"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, () => claim(one.programme)));
    return {
      body: [
        h("section.card.stack", {},
          h("h2", {}, one.programme_name),
          h("p.purse__left", {}, money(one.amount_fen)),
          h("p", {}, one.periods.join("、")),
          one.closes_on && h("p", {}, t("Claims are taken until {day}.", { day: dayOfYear(one.closes_on) })),
          papersOf(one.missing)),
        h("p", {}, t("The county looks at it. You can take it back until then.")),
      ],
      action: actionBar(send),
    };
  },
};

async function claim(programme) {
  await act("POST", "/allowance-claims", { programme });
  sayNext(t("Your claim is handed in."));
  go(HOME, {}, { replace: true });
}

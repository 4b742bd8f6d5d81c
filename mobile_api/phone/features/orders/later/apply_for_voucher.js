// Asking for a voucher, or for service that the government buys: for whom, and which.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { radioCards } from "../../help/radio_cards.js";
import { personOf } from "../../homes/home_words.js";
import { programmeWords } from "./order_words.js";

export const applyForVoucher = {
  title: () => t("Ask for a voucher"),
  parent: "/vouchers",

  load: ({ read }) => read("/me"),

  view(me, { query, perform }) {
    const wish = { resident: String(personOf(me, query.resident).id), programme: "voucher", allowance: "no" };
    const choose = (legend, name, choices) => radioCards({
      legend, name, choices, chosen: wish[name], onChoose: (value) => { wish[name] = value; },
    });
    const send = button(t("Ask for it now"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, () => ask(wish)));
    return {
      body: [
        me.residents.length > 1
          && choose(t("For whom?"), "resident", me.residents.map((one) => [String(one.id), one.name])),
        choose(t("What do you ask for?"), "programme", [
          ["voucher", programmeWords("voucher"), t("For who needs much help, by an assessment")],
          ["purchased", programmeWords("purchased"), t("For low income from 70 on, and for everybody from 90 on")],
        ]),
        choose(t("Do you get the allowance for care in a home?"), "allowance", [
          ["no", t("No, I do not")], ["yes", t("Yes, I do")],
        ]),
      ].filter(Boolean),
      action: actionBar(send),
    };
  },
};

async function ask({ resident, programme, allowance }) {
  const body = { resident_id: Number(resident), programme, gets_care_allowance: allowance === "yes" };
  await act("POST", "/care-entitlements", body);
  sayNext(t("The county answers within a few days."));
  go("/vouchers", {}, { replace: true });
}

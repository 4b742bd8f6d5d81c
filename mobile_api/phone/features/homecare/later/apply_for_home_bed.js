// Asking for a care bed at home: for whom, and what follows.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { radioCards } from "../../help/radio_cards.js";
import { personOf } from "../../homes/home_words.js";

export const applyForHomeBed = {
  title: () => t("Ask for a care bed at home"),
  parent: "/care/home-beds",

  load: ({ read }) => read("/me"),

  view(me, { query, perform }) {
    const wish = { resident: String(personOf(me, query.resident).id) };
    const send = button(t("Apply now"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, () => apply(wish)));
    return { body: [
      me.residents.length > 1 && radioCards({
        legend: t("For whom?"), name: "resident", chosen: wish.resident,
        onChoose: (resident) => { wish.resident = resident; },
        choices: me.residents.map((one) => [String(one.id), one.name]),
      }),
      notice("info", t("Somebody comes to your home to care for you, and devices call for help."),
        t("It costs nothing to ask. You can take it back at any time."),
        t("The community answers within a few days. Then somebody comes to see what help you need.")),
    ].filter(Boolean), action: actionBar(send) };
  },
};

async function apply({ resident }) {
  const bed = await act("POST", "/home-beds", { resident_id: Number(resident) });
  go(`/care/home-beds/${bed.id}`, {}, { replace: true });
}

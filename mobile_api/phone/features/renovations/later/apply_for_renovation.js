// Asking for a home to be made safe: for whom, what is hard there, and what follows.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft, remember } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { radioCards } from "../../help/radio_cards.js";
import { personOf } from "../../homes/home_words.js";
import { field } from "../../identity/field.js";

const DRAFT = "renovation-wish";

export const applyForRenovation = {
  title: () => t("Make my home safe"),
  parent: "/care/renovations",

  load: ({ read }) => read("/me"),

  view(me, { query, perform }) {
    const wish = { resident: String(personOf(me, query.resident).id), tradeIn: "no" };
    const input = h("textarea.field__input", { id: DRAFT, name: DRAFT, rows: "3", maxlength: "400" });
    remember(input, DRAFT);
    const hint = t("Getting up, bathing, stairs. You may leave it empty.");
    const words = field({ input, label: t("What is hard at home?"), hint });
    const send = button(t("Apply now"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, () => apply(wish, input.value.trim())));
    return { body: [
      notice("info", t("Somebody comes to look first. You see the price before anything is built."),
        t("It costs nothing to ask. A home is made safe once in some years.")),
      me.residents.length > 1 && whom(me, wish),
      words.element,
      tradeIn(wish),
    ].filter(Boolean), action: actionBar(send) };
  },
};

function whom(me, wish) {
  return radioCards({
    legend: t("For whom?"), name: "resident", chosen: wish.resident,
    onChoose: (resident) => { wish.resident = resident; },
    choices: me.residents.map((one) => [String(one.id), one.name]),
  });
}

function tradeIn(wish) {
  return radioCards({
    legend: t("Has the city paid for a new kitchen or bath in this house?"), name: "trade-in", chosen: "no",
    onChoose: (answer) => { wish.tradeIn = answer; },
    choices: [["no", t("No, it has not")], ["yes", t("Yes, it has")]],
  });
}

async function apply({ resident, tradeIn: had }, wishes) {
  const body = { resident_id: Number(resident), wishes, has_trade_in: had === "yes" };
  const made = await act("POST", "/renovations", body);
  dropDraft(DRAFT);
  go(`/care/renovations/${made.id}`, {}, { replace: true });
}

// Ordering, first step of three: what shall be done.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { money } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";
import { personOf } from "../../homes/home_words.js";

const MOST = 6;

export const orderServices = {
  title: () => t("What shall be done?"),
  parent: "/vouchers",

  async load({ read }) {
    const [me, choices] = await Promise.all([read("/me"), read("/care-order-choices")]);
    return { me, choices };
  },

  view({ me, choices }, { query }) {
    const wish = { resident: String(personOf(me, query.resident).id) };
    const chosen = new Set((query.services || "").split(",").filter(Boolean));
    const tell = h("div", { "aria-live": "polite" });
    const next = button(t("Next: which day"), { iconName: "next" });
    next.addEventListener("click", () => (chosen.size > 0 && chosen.size <= MOST
      ? go("/orders/new/when", { ...wish, services: [...chosen].sort().join(",") })
      : tell.replaceChildren(notice("look", t("Choose one to six things.")))));
    return {
      body: [
        h("p.soft", {}, t("Step 1 of 3")),
        me.residents.length > 1 && radioCards({
          legend: t("For whom?"), name: "resident", chosen: wish.resident,
          onChoose: (resident) => { wish.resident = resident; },
          choices: me.residents.map((one) => [String(one.id), one.name]),
        }),
        h("fieldset.radio-cards", {}, h("legend.radio-cards__legend", {}, t("You may choose several")),
          choices.services.map((one) => card(one, chosen))),
        tell,
      ].filter(Boolean),
      action: actionBar(next),
    };
  },
};

function card(one, chosen) {
  const input = h("input.radio-card__input", { type: "checkbox", name: one.code, checked: chosen.has(one.code) });
  input.addEventListener("change", () => (input.checked ? chosen.add(one.code) : chosen.delete(one.code)));
  const note = t("{minutes} minutes, {price}", { minutes: one.minutes, price: money(one.price_fen) });
  return h("label.radio-card", {}, input,
    h("span.radio-card__body", {}, h("span", {}, one.name, h("span.radio-card__note", {}, note))));
}

// What I may not eat: how it is cooked for me, what harms me, what I dislike. The kitchen sees it.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, list, linkRow, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { radioCards } from "../../help/radio_cards.js";
import { residentOf } from "../../residents/resident.js";
import { allergenWords } from "../dish_row.js";
import { DIETS, dietWords } from "../wish_words.js";

const ALLERGENS = ["peanut", "nuts", "egg", "milk", "fish", "shellfish", "soy", "wheat", "gluten", "sesame"];
const MOST_DISLIKES = 10;

export const needs = {
  title: () => t("What I may not eat"),
  parent: "/bookings",

  async load({ read, query }) {
    const me = await read("/me");
    const resident = query.resident || (me.residents.length === 1 ? me.residents[0].id : null);
    return { me, resident, noted: resident && await read(`/residents/${resident}/eating-needs`) };
  },

  view({ me, resident, noted }, { perform }) {
    if (!resident) return { title: t("Who is it for?"), body: list(me.residents.map(personRow)) };
    const { usual_diet: usualDiet, allergens, dislikes, often_disliked: often } = noted;
    const wish = { usual_diet: usualDiet, allergens: new Set(allergens), dislikes: new Set(dislikes) };
    const words = [...new Set([...dislikes, ...often])];
    const other = h("input.field__input", { id: "other", maxlength: "20", autocomplete: "off" });
    const keep = button(t("Keep it so"), { iconName: "check" });
    keep.addEventListener("click", () => perform(keep, () => send(resident, wish, other.value.trim())));
    return {
      body: [
        h("p.strong", {}, residentOf(me, resident).name),
        notice("info", t("The kitchen of your canteen sees this, and warns you before you book.")),
        chips(t("What harms you?"), "allergen", ALLERGENS.map((one) => [one, allergenWords(one)]), wish.allergens),
        chips(t("What do you dislike?"), "dislike", words.map((one) => [one, one]), wish.dislikes),
        h("div.field", {}, h("label.field__label", { for: "other" }, t("Something else you dislike")), other),
        radioCards({
          legend: t("How shall it be cooked?"), name: "diet", chosen: wish.usual_diet,
          choices: DIETS.map((one) => [one, dietWords(one)]), onChoose: (value) => { wish.usual_diet = value; },
        }),
      ],
      action: actionBar(keep),
    };
  },
};

function personRow(person) {
  return linkRow({ path: "/meals/needs", query: { resident: person.id }, lead: "person", title: person.name });
}

/** Large chips, as many as one likes. */
function chips(legend, name, choices, chosen) {
  const chip = ([value, label]) => h("label.radio-card", {},
    h("input.radio-card__input", {
      type: "checkbox", name, value, checked: chosen.has(value),
      onchange: (event) => (event.target.checked ? chosen.add(value) : chosen.delete(value)),
    }),
    h("span.radio-card__body", {}, label));
  const head = h("legend.radio-cards__legend", {}, legend);
  return h("fieldset.radio-cards.chips", {}, head, choices.map(chip));
}

async function send(resident, wish, other) {
  const dislikes = [...wish.dislikes, ...(other ? [other] : [])].slice(0, MOST_DISLIKES);
  const body = { usual_diet: wish.usual_diet, allergens: [...wish.allergens], dislikes };
  await act("PUT", `/residents/${resident}/eating-needs`, body);
  sayNext(t("It is noted. The kitchen sees it."));
  go("/bookings", {}, { replace: true });
}

// A meal for every week, step two: which meal, on which days, and how.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { capital, mealWords } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";
import { forWhom } from "../../residents/resident.js";
import { DIETS, dietWords, handingWords, wishOf } from "../wish_words.js";
import { weekdayWords } from "./standing_words.js";

export const standingDays = {
  title: () => t("Every week: which days?"),
  parent: "/meals/standing/new",

  async load({ query, read }) {
    const [me, canteen, needs] = await Promise.all([
      read("/me"),
      read(`/canteens/${query.canteen}`, { resident_id: query.resident }),
      read(`/residents/${query.resident}/eating-needs`),
    ]);
    return { me, canteen, needs };
  },

  view({ me, canteen, needs }, { query }) {
    const meals = canteen.serves.length ? canteen.serves : ["lunch"];
    const days = new Set((query.days || "1,2,3,4,5").split(",").map(Number));
    const meal = query.meal || (meals.includes("lunch") ? "lunch" : meals[0]);
    const wish = { meal, ...wishOf(query, needs.usual_diet) };
    const said = h("div", { role: "status" });
    const on = button(t("Go on"), { iconName: "next" });
    on.addEventListener("click", () => {
      if (days.size === 0) return said.replaceChildren(notice("look", t("Please choose at least one day.")));
      return go("/meals/standing/sure", { ...query, ...wish, days: [...days].sort().join(",") });
    });
    const choose = (legend, name, choices) => radioCards({
      legend, name, choices, chosen: wish[name], onChoose: (value) => { wish[name] = value; },
    });
    return {
      body: [
        h("div", {}, h("p.strong", {}, canteen.name), forWhom(me, query.resident)),
        meals.length > 1 && choose(t("Which meal?"), "meal", meals.map((meal) => [meal, capital(mealWords(meal))])),
        weekdays(days),
        said,
        choose(t("How do you get it?"), "handing", ["at_canteen", "delivery"].map((one) => [one, handingWords(one)])),
        choose(t("How shall it be cooked?"), "diet", DIETS.map((one) => [one, dietWords(one)])),
      ].filter(Boolean),
      action: actionBar(on),
    };
  },
};

function weekdays(days) {
  return h("fieldset.radio-cards", {}, h("legend.radio-cards__legend", {}, t("On which days?")),
    [1, 2, 3, 4, 5, 6, 7].map((day) => h("label.radio-card", {},
      h("input.radio-card__input", {
        type: "checkbox", name: "weekday", value: String(day), checked: days.has(day),
        onchange: (event) => (event.target.checked ? days.add(day) : days.delete(day)),
      }),
      h("span.radio-card__body", {}, weekdayWords(day)))));
}

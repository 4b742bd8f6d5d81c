// How this meal shall be: cooked for whom, and fetched or brought.

import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { radioCards } from "../../help/radio_cards.js";
import { DIETS, dietWords, handingWords, wishOf } from "../wish_words.js";

export const how = {
  title: () => t("How would you like it?"),
  parent: "/meals",

  view(_, { params, query }) {
    const wish = wishOf(query);
    const choose = (legend, name, choices) => radioCards({
      legend, name, choices, chosen: wish[name], onChoose: (value) => { wish[name] = value; },
    });
    const done = button(t("So it shall be"), { iconName: "check" });
    const back = `/meals/sittings/${params.sitting}/confirm`;
    done.addEventListener("click", () => go(back, { ...query, ...wish }, { replace: true }));
    return {
      body: [
        choose(t("How do you get it?"), "handing", ["at_canteen", "delivery"].map((one) => [one, handingWords(one)])),
        choose(t("How shall it be cooked?"), "diet", DIETS.map((one) => [one, dietWords(one)])),
      ],
      action: actionBar(done),
    };
  },
};

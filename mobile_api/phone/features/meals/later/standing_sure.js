// A meal for every week, step three: the last look; one big button.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, facts } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { capital, mealWords } from "../../../lib/words.js";
import { residentOf } from "../../residents/resident.js";
import { dietWords, handingWords, wishOf } from "../wish_words.js";
import { daysWords } from "./standing_words.js";

export const standingSure = {
  title: () => t("Book this every week?"),
  parent: "/meals/standing/new",

  async load({ query, read }) {
    const [me, canteen] = await Promise.all([
      read("/me"),
      read(`/canteens/${query.canteen}`, { resident_id: query.resident }),
    ]);
    return { me, canteen };
  },

  view({ me, canteen }, { query, perform }) {
    const wish = wishOf(query);
    const days = query.days.split(",").map(Number);
    const order = button(t("Yes, every week"), { iconName: "check" });
    order.addEventListener("click", () => perform(order, () => make(query, days, wish)));
    const resident = residentOf(me, query.resident);
    return {
      body: [
        h("section.card", { "aria-label": t("The meal") }, facts([
          resident && ["person", t("For"), resident.name],
          ["meal", t("Meal"), capital(mealWords(query.meal))],
          ["booking", t("Days"), daysWords(days)],
          ["canteen", t("Canteen"), canteen.name],
          ["info", t("How"), `${dietWords(wish.diet)} · ${handingWords(wish.handing)}`],
        ])),
        h("p", {}, t("We book the coming seven days now, and go on every night. You can pause or end it at any time.")),
      ],
      action: actionBar(order),
    };
  },
};

async function make(query, weekdays, { diet, handing }) {
  const order = await act("POST", "/standing-orders", {
    resident_id: Number(query.resident), canteen_id: Number(query.canteen), meal: query.meal, weekdays, diet, handing,
  });
  sayNext(t("It is ordered for every week."));
  go(`/meals/standing/${order.id}`, {}, { replace: true });
}

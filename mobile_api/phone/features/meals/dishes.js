// What there is to eat at one sitting, and what it will cost.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, buttonLink, list, notice } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { calendarDay, hoursWords, mealOn, money } from "../../lib/words.js";
import { forWhom } from "../residents/resident.js";
import { clashNotice } from "./clash.js";
import { dishRow } from "./dish_row.js";
import { fullView } from "./full.js";
import { placesBadge, placesWords } from "./places.js";
import { sittingOf } from "./sitting_of.js";
import { wishOf } from "./wish_words.js";

export const dishes = {
  title: () => t("What is there to eat"),
  parent: "/meals",

  async load({ params, query, read }) {
    const [me, canteen, sitting, quote] = await Promise.all([
      read("/me"),
      read(`/canteens/${query.canteen}`, { resident_id: query.resident }),
      sittingOf(read, query.canteen, params.sitting),
      askQuote(read, params.sitting, query.resident),
    ]);
    return { me, canteen, sitting, quote };
  },

  view({ me, canteen, sitting, quote }, { query, perform }) {
    if (quote && quote.state === "full" && !quote.already_booked_id) {
      return fullView({ sitting, canteen, nearby: [], resident: query.resident, perform });
    }
    return {
      title: mealOn(sitting),
      body: [
        summary(me, canteen, sitting, quote, query.resident),
        quote && clashNotice(quote, sitting, wishOf(query, quote.usual_diet)),
        dishList(sitting), answerTo(quote, sitting),
      ].filter(Boolean),
      action: actionFor(quote, sitting, query),
    };
  },
};

/** The price is asked live; without a network the dishes can still be looked at. */
async function askQuote(read, sittingId, resident) {
  try {
    return await read(`/sittings/${sittingId}/quote`, { resident_id: resident }, { keep: false });
  } catch (error) {
    if (error instanceof Problem && error.status === 401) throw error;
    return null;
  }
}

function summary(me, canteen, sitting, quote, resident) {
  return h("div", {},
    h("p.strong", {}, canteen.name),
    h("p.soft.figures", {}, calendarDay(sitting.service_on), " · ",
      h("span.together", {}, hoursWords(sitting.serves_from, sitting.serves_until))),
    h("p", {}, placesBadge(quote, sitting)),
    forWhom(me, resident));
}

function dishList(sitting) {
  if (sitting.dishes.length === 0) {
    return notice("info", t("The dishes are not written down yet. The canteen will choose."));
  }
  return h("section.stack", {}, h("h2.only-read", {}, t("Dishes")), list(sitting.dishes.map(dishRow)));
}

function answerTo(quote, sitting) {
  if (!quote) {
    return notice("look", t("Without a network we cannot book. You can look at the dishes, or call the canteen."));
  }
  if (quote.already_booked_id) return notice("good", t("You have already booked this meal."));
  if (quote.state === "open") return null;
  return notice("look", placesWords(quote, sitting), t("Please choose another meal, or call the canteen."));
}

function actionFor(quote, sitting, query) {
  if (!quote) return null;
  if (quote.already_booked_id) {
    return actionBar(buttonLink(t("Show my booking"), `/bookings/${quote.already_booked_id}`, { iconName: "booking" }));
  }
  if (quote.state !== "open") {
    const others = `/meals/canteens/${query.canteen}`;
    return actionBar(buttonLink(t("Choose another meal"), others, { query: { resident: query.resident } }));
  }
  return actionBar(
    h("p.action-bar__words", {}, t("You pay"), " ", h("strong.figures", {}, money(quote.own_pay_fen))),
    buttonLink(t("I will take this meal"), `/meals/sittings/${sitting.id}/confirm`, { query }),
  );
}

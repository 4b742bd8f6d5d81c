// One booking: the code while it can be used, where and when, what it costs, and how to cancel.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { buttonLink, callCanteen, facts, notice } from "../../lib/parts.js";
import { cancelMealWords, hoursWords, mealOnDate, momentWords } from "../../lib/words.js";
import { bookedByWords, statusBadge } from "./booking_words.js";
import { mealCodeLarge } from "./meal_code.js";
import { priceSplit } from "./price_split.js";
import { dietWords, handingWords, hoursLabel, isUnusual } from "./wish_words.js";

export const booking = {
  title: () => t("My booking"),
  parent: "/bookings",
  recalls: true,
  load: ({ params, read }) => read(`/bookings/${params.booking}`),

  view: (one) => ({
    body: [
      one.status === "booked" ? mealCodeLarge(one) : ended(one),
      h("section.card", { "aria-label": t("The meal") }, bookingFacts(one)),
      one.dishes.length > 0 && dishNames(one),
      h("section.card", { "aria-label": t("The price") }, priceSplit(one),
        one.paid_how === "wallet" && h("p.soft", {}, t("Paid from your money at the canteen."))),
      callCanteen(one.canteen_phone),
      one.status === "booked" && cancelling(one),
      one.status === "collected"
        && buttonLink(t("How did it taste?"), `/bookings/${one.id}/rating`, { iconName: "smile" }),
    ],
  }),
};

function ended(one) {
  const at = one.collected_at || one.cancelled_at;
  return h("section.card", { "aria-label": t("State") },
    h("p.status-line", {}, statusBadge(one), at && h("span", {}, momentWords(at))),
    one.cancel_text && h("p", {}, one.cancel_text));
}

function bookingFacts(one) {
  return facts([
    ["person", t("For"), one.resident_name],
    ["meal", t("Meal"), mealOnDate(one)],
    ["clock", hoursLabel(one), hoursWords(one.serves_from, one.serves_until)],
    ["canteen", one.canteen_name, one.canteen_address],
    isUnusual(one) && ["info", t("How"), `${dietWords(one.diet)} · ${handingWords(one.handing)}`],
    bookedByWords(one) && ["people", t("Who booked"), bookedByWords(one)],
  ]);
}

function dishNames(one) {
  return h("section.card", {}, h("h2", {}, t("Dishes")),
    h("ul.dish-names", {}, one.dishes.map((dish) => h("li", {}, dish.name))));
}

function cancelling(one) {
  if (one.can_cancel) {
    return h("div.stack", {},
      h("p.soft", {}, t("You can cancel until {when}.", { when: momentWords(one.cutoff_at) })),
      buttonLink(cancelMealWords(one.meal), `/bookings/${one.id}/cancel`, { kind: "warn" }));
  }
  return notice("look", t("The time to cancel ended at {when}.", { when: momentWords(one.cutoff_at) }),
    t("If you cannot come, please call the canteen."));
}

// The last look before booking: who, when, where, how much; one big button.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, bigState, button, buttonLink, callCanteen, facts } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { go } from "../../lib/router.js";
import { bookMealWords, hoursWords, mealOnDate, momentWords, shortAddress } from "../../lib/words.js";
import { residentOf } from "../residents/resident.js";
import { clashNotice } from "./clash.js";
import { fullView } from "./full.js";
import { keepBooking } from "./kept_bookings.js";
import { priceSplit } from "./price_split.js";
import { sittingOf } from "./sitting_of.js";
import { dietWords, handingWords, hoursLabel, wishOf } from "./wish_words.js";

export const confirm = {
  title: () => t("Book this meal?"),
  parent: "/meals",

  async load({ params, query, read }) {
    const [me, canteen, sitting, quote] = await Promise.all([
      read("/me"),
      read(`/canteens/${query.canteen}`, { resident_id: query.resident }),
      sittingOf(read, query.canteen, params.sitting),
      read(`/sittings/${params.sitting}/quote`, { resident_id: query.resident }, { keep: false }),
    ]);
    return { me, canteen, sitting, quote };
  },

  view(loaded, { query, perform, replaceView }) {
    const { me, canteen, sitting, quote } = loaded;
    const book = button(bookMealWords(sitting.meal), { iconName: "check" });
    const about = { sitting, canteen, resident: query.resident, replaceView, perform };
    const refused = (problem) => showRefusal(problem, about);
    book.addEventListener("click", () => perform(book, () => bookMeal(sitting.id, query, quote), refused));
    return {
      body: [
        clashNotice(quote, sitting, wishOf(query, quote.usual_diet)),
        h("section.card.stack", { "aria-label": t("The meal") }, mealFacts(me, query, canteen, sitting, quote),
          buttonLink(
            t("Change how it is cooked, or have it brought"),
            `/meals/sittings/${sitting.id}/how`,
            { kind: "quiet", query: { ...query, ...wishOf(query, quote.usual_diet) } },
          )),
        h("section.card", { "aria-label": t("The price") }, priceSplit(quote)),
        h("p.soft", {}, t("You can cancel until {when}.", { when: momentWords(sitting.cutoff_at) })),
      ].filter(Boolean),
      action: actionBar(book),
    };
  },
};

function mealFacts(me, query, canteen, sitting, quote) {
  const resident = residentOf(me, query.resident);
  const wish = wishOf(query, quote.usual_diet);
  return facts([
    resident && ["person", t("For"), resident.name],
    ["meal", t("Meal"), mealOnDate(sitting)],
    ["clock", hoursLabel(wish), hoursWords(sitting.serves_from, sitting.serves_until)],
    ["canteen", canteen.name, shortAddress(canteen.address, me)],
    ["info", t("How"), `${dietWords(wish.diet)} · ${handingWords(wish.handing)}`],
  ]);
}

async function bookMeal(sittingId, query, quote) {
  const how = wishOf(query, quote.usual_diet);
  const wish = { sitting_id: sittingId, resident_id: Number(query.resident), ...how };
  const booking = await act("POST", "/bookings", wish);
  keepBooking(booking);
  go(`/bookings/${booking.id}/booked`, {}, { replace: true });
}

/** Refusals that deserve a page of their own; the others are shown beside the button. */
function showRefusal(problem, { sitting, canteen, resident, replaceView, perform }) {
  if (!(problem instanceof Problem)) return false;
  const { code, facts: told } = problem;
  if (code === "already-booked" && told.booking_id) {
    go(`/bookings/${told.booking_id}`, {}, { replace: true });
    return true;
  }
  if (code === "sitting-full") {
    replaceView(fullView({ sitting, canteen, nearby: told.nearby || [], resident, perform, sentence: told.detail }));
    return true;
  }
  if (code !== "past-cut-off" && code !== "sitting-closed") return false;
  replaceView(tooLateView(code, told.detail, canteen, resident));
  return true;
}

function tooLateView(code, sentence, canteen, resident) {
  return {
    title: code === "past-cut-off" ? t("Too late for this meal") : t("The canteen is closed"),
    body: bigState("empty", [sentence], [callCanteen(canteen.phone)]),
    action: actionBar(buttonLink(t("Choose another meal"), `/meals/canteens/${canteen.id}`, { query: { resident } })),
  };
}

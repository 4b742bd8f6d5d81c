// One standing order: what it books, when it rests, what it could not book; pause it or end it.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { button, buttonLink, callCanteen, facts, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { capital, dayOfYear, dayWords, mealWords } from "../../../lib/words.js";
import { dietWords, handingWords } from "../wish_words.js";
import { dayBefore, daysWords, pauseWords } from "./standing_words.js";

export const standing = {
  title: () => t("My weekly meal"),
  parent: "/meals/standing",
  backToParent: true,
  load: ({ params, read }) => read(`/standing-orders/${params.order}`),

  view(order, { perform }) {
    if (order.ended_at) return { body: [notice("info", t("This order has ended.")), whatItIs(order)] };
    return {
      body: [
        ...order.pauses.map((pause) => pauseNotice(pause, order, perform)),
        whatItIs(order),
        ...order.refused.map((one) => notice("look", capital(dayWords(one.service_on)), one.text)),
        h("div.stack", {},
          buttonLink(
            t("Pause for some days"), `/meals/standing/${order.id}/pause`, { kind: "quiet", iconName: "clock" },
          ),
          callCanteen(order.canteen_phone),
          buttonLink(t("End this order"), `/meals/standing/${order.id}/end`, { kind: "warn" })),
      ],
    };
  },
};

function whatItIs(order) {
  return h("section.card", { "aria-label": t("The meal") }, facts([
    ["person", t("For"), order.resident_name],
    ["meal", t("Meal"), capital(mealWords(order.meal))],
    ["booking", t("Days"), daysWords(order.weekdays)],
    ["canteen", t("Canteen"), order.canteen_name],
    ["info", t("How"), `${dietWords(order.diet)} · ${handingWords(order.handing)}`],
    order.ends_on && ["clock", t("Last day"), dayOfYear(dayBefore(order.ends_on))],
  ]));
}

function pauseNotice(pause, order, perform) {
  const again = button(pause.cause === "in_hospital" ? t("I am back home") : t("Meals again from today"), {
    kind: "quiet", iconName: "meal",
  });
  again.addEventListener("click", () => perform(again, async () => {
    await act("POST", `/meal-pauses/${pause.id}/end`, {});
    sayNext(t("Meals go on."));
    go(`/meals/standing/${order.id}`, {}, { replace: true });
  }));
  const mayLift = pause.cause !== "in_care_home";
  return h("div.stack", {}, notice("look", pauseWords(pause)), mayLift && again);
}

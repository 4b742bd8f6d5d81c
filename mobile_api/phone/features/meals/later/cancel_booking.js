// Cancelling, asked on a page of its own; nothing pops up.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button, buttonLink, callCanteen, facts } from "../../../lib/parts.js";
import { Problem } from "../../../lib/problems.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { cancelMealWords, mealOnDate } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";
import { keepBooking } from "../kept_bookings.js";

const WHY = ["not-hungry", "ill", "away", "other"];

export const cancelBooking = {
  title: () => t("Cancel this meal?"),
  parent: "/bookings",
  load: ({ params, read }) => read(`/bookings/${params.booking}`),

  view(booking, { perform, replaceView }) {
    if (booking.status === "cancelled") return { redirect: [`/bookings/${booking.id}`, {}] };
    const said = { reason: null };
    const cancel = button(cancelMealWords(booking.meal), { kind: "danger" });
    const refused = (problem) => showRefusal(problem, booking, replaceView);
    cancel.addEventListener("click", () => perform(cancel, () => cancelNow(booking, said), refused));
    return {
      body: [
        h("section.card", { "aria-label": t("The meal") }, facts([
          ["meal", t("Meal"), mealOnDate(booking)],
          ["canteen", t("Canteen"), booking.canteen_name],
          ["person", t("For"), booking.resident_name],
        ])),
        h("p", {}, t("Your place goes to someone else, and the meal code no longer works. You pay nothing.")),
        askWhy(said),
      ],
      action: actionBar(cancel, buttonLink(t("Keep the meal"), `/bookings/${booking.id}`, { kind: "quiet" })),
    };
  },
};

function whyWords(code) {
  return {
    "not-hungry": t("Not hungry"), ill: t("Not well"), away: t("Away from home"), other: t("Something else"),
  }[code];
}

/** One tap says it; nobody must. */
function askWhy(said) {
  const choices = WHY.map((one) => [one, whyWords(one)]);
  const onChoose = (value) => { said.reason = value; };
  const cards = radioCards({ legend: t("Why? You need not say."), name: "reason", choices, chosen: null, onChoose });
  cards.classList.add("chips");
  return cards;
}

async function cancelNow(booking, { reason }) {
  const body = reason ? { reason } : {};
  const cancelled = await act("POST", `/bookings/${booking.id}/cancellation`, body);
  keepBooking(cancelled);
  sayNext(t("The meal is cancelled."));
  go(`/bookings/${booking.id}`, {}, { replace: true });
}

function showRefusal(problem, booking, replaceView) {
  if (!(problem instanceof Problem) || !["past-cut-off", "already-collected"].includes(problem.code)) return false;
  replaceView({
    title: problem.code === "past-cut-off" ? t("Too late to cancel") : t("The meal has been collected"),
    body: bigState("empty", [problem.facts.detail], [callCanteen(booking.canteen_phone)]),
    action: actionBar(buttonLink(t("Show my booking"), `/bookings/${booking.id}`)),
  });
  return true;
}

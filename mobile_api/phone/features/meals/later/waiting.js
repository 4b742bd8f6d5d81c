// A place in a line: how many stand before, and, when one is offered, the question whether to take it.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button, buttonLink, callCanteen, facts } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { hoursWords, mealOnDate, momentWords } from "../../../lib/words.js";
import { keepBooking } from "../kept_bookings.js";

export const waiting = {
  title: () => t("Waiting for a place"),
  parent: "/bookings",
  load: ({ params, read }) => read(`/meal-waiting/${params.waiting}`, {}, { keep: false }),

  view(one, { perform }) {
    if (one.state === "offered") return offered(one, perform);
    if (one.state === "waiting") return inLine(one, perform);
    return over(one);
  },
};

function offered(one, perform) {
  const take = button(t("Yes, I want it"), { iconName: "check" });
  take.addEventListener("click", () => perform(take, async () => {
    const booking = await act("POST", `/meal-waiting/${one.id}/acceptance`, {});
    keepBooking(booking);
    go(`/bookings/${booking.id}/booked`, {}, { replace: true });
  }));
  return {
    title: t("A place is free. Do you want it?"),
    body: [
      theMeal(one),
      h("p.strong", {}, t("It is kept for you until {when}.", { when: momentWords(one.expires_at) })),
    ],
    action: actionBar(take, leaving(one, t("No, give it to the next"), perform)),
  };
}

function inLine(one, perform) {
  const before = one.turn - 1;
  const turn = before > 0 ? t("People before you: {count}", { count: before }) : t("You are the next.");
  return {
    body: [theMeal(one), h("p.strong", {}, turn),
      h("p", {}, t("When a place comes free we send you a message, and it stands on the first page.")),
      callCanteen(one.canteen_phone)],
    action: actionBar(leaving(one, t("Wait no longer"), perform)),
  };
}

function over(one) {
  if (one.booking_id) return { redirect: [`/bookings/${one.booking_id}`, {}] };
  return {
    body: bigState("empty", [t("You no longer wait for this meal.")], [callCanteen(one.canteen_phone)]),
    action: actionBar(buttonLink(t("Book a meal"), "/meals", { iconName: "meal" })),
  };
}

function theMeal(one) {
  return h("section.card", { "aria-label": t("The meal") }, facts([
    ["person", t("For"), one.resident_name],
    ["meal", t("Meal"), mealOnDate(one)],
    ["clock", t("Come between"), hoursWords(one.serves_from, one.serves_until)],
    ["canteen", t("Canteen"), one.canteen_name],
  ]));
}

function leaving(one, label, perform) {
  const leave = button(label, { kind: "quiet" });
  leave.addEventListener("click", () => perform(leave, async () => {
    await act("POST", `/meal-waiting/${one.id}/leaving`, {});
    sayNext(t("You no longer wait for this meal."));
    go("/bookings", {}, { replace: true });
  }));
  return leave;
}

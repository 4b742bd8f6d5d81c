// Booked: the code, what to bring, and the way home.

import { act } from "../../lib/api.js";
import { h, icon } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../lib/parts.js";
import { money } from "../../lib/words.js";
import { residentOf } from "../residents/resident.js";
import { mealCodeLarge } from "./meal_code.js";

export const booked = {
  title: () => t("It is booked"),
  parent: "/",
  backToParent: true,
  recalls: true,

  async load({ params, read }) {
    const [me, booking] = await Promise.all([read("/me"), read(`/bookings/${params.booking}`)]);
    return { me, booking };
  },

  view: ({ me, booking }, { perform }) => ({
    body: [
      h("p.booked__sign", {}, icon("good"), h("span", {}, t("Your place is kept."))),
      mealCodeLarge(booking, { name: me.residents.length > 1 ? booking.resident_name : null }),
      h("p", {}, whatToDo(booking)),
      usualOffer(me, booking, perform),
    ],
    action: actionBar(buttonLink(t("Home"), "/")),
  }),
};

function whatToDo(booking) {
  const amount = money(booking.own_pay_fen);
  const isFree = booking.own_pay_fen === 0;
  if (booking.handing === "delivery") {
    return isFree
      ? t("It is brought to your home. Say the six digits at the door. You pay nothing.")
      : t("It is brought to your home. Say the six digits at the door and pay {amount}.", { amount });
  }
  if (isFree) return t("Show this code at the counter. You pay nothing. It also works without a network.");
  return t("Show this code at the counter and pay {amount}. It also works without a network.", { amount });
}

/** Offers to make this canteen the usual one, where there is none yet or another. */
function usualOffer(me, booking, perform) {
  const resident = residentOf(me, booking.resident_id);
  if (!resident || resident.usual_canteen_id === booking.canteen_id) return null;
  const holder = h("div");
  const choose = button(t("Show this canteen first next time"), { kind: "quiet", iconName: "star" });
  choose.addEventListener("click", () => perform(choose, async () => {
    await act("PUT", `/residents/${resident.id}/usual-canteen`, { canteen_id: booking.canteen_id });
    const done = t("{canteen} will stand first next time.", { canteen: booking.canteen_name });
    holder.replaceChildren(h("div", { role: "status" }, notice("good", done)));
  }));
  holder.append(choose);
  return holder;
}

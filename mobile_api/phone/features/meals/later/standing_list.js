// What is ordered for every week, for everybody this phone books for.

import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { capital, mealWords } from "../../../lib/words.js";
import { daysWords, pauseWords } from "./standing_words.js";

export const standingList = {
  title: () => t("Every week"),
  parent: "/bookings",

  async load({ read }) {
    const [me, orders] = await Promise.all([read("/me"), read("/standing-orders")]);
    return { me, orders: orders.items };
  },

  view({ me, orders }) {
    const order = actionBar(buttonLink(t("Order for every week"), "/meals/standing/new", { iconName: "meal" }));
    if (orders.length === 0) {
      const lines = [t("Say once on which days you eat. We book for you every week.")];
      return { body: [bigState("empty", lines)], action: order };
    }
    return { body: [list(orders.map((one) => row(one, me.residents.length > 1)))], action: order };
  },
};

function row(order, withName) {
  const paused = order.pauses[0];
  return linkRow({
    path: `/meals/standing/${order.id}`,
    lead: "meal",
    title: capital(`${mealWords(order.meal)} · ${daysWords(order.weekdays)}`),
    notes: [order.canteen_name, withName && order.resident_name].filter(Boolean),
    extra: paused ? badge(pauseWords(paused)) : badge(t("Booked by itself"), "good"),
  });
}

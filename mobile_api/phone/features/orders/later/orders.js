// What I ordered: what is ahead first, then what was.

import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { capital } from "../../../lib/words.js";
import { orderKind, orderWords, tasksOf, whenOf } from "./order_words.js";

export const orders = {
  title: () => t("What I ordered"),
  parent: "/vouchers",
  backToParent: true,

  load: ({ read }) => read("/care-orders"),

  view({ items }) {
    const action = actionBar(buttonLink(t("Order somebody to come"), "/orders/new", { iconName: "care" }));
    if (items.length === 0) return { body: bigState("bookings", [t("You have ordered nothing yet.")]), action };
    return { body: list(items.map(row)), action };
  },
};

function row(one) {
  return linkRow({
    path: `/orders/${one.id}`,
    lead: "care",
    title: capital(whenOf(one)),
    notes: [tasksOf(one), one.resident_name],
    extra: badge(orderWords(one.state), orderKind(one.state)),
  });
}

// One order: who comes and when, who pays what, and the way out.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { buttonLink, callButton, facts, notice } from "../../../lib/parts.js";
import { capital } from "../../../lib/words.js";
import { orderKind, orderWords, splitOf, tasksOf, whenOf } from "./order_words.js";

export const order = {
  title: () => t("What I ordered"),
  parent: "/orders",
  load: ({ params, read }) => read(`/care-orders/${params.order}`),

  view(one) {
    return { body: [
      notice(orderKind(one.state), orderWords(one.state), one.cancel_reason),
      h("section.card", { "aria-label": t("What you order") }, facts([
        ["person", t("For"), one.resident_name],
        ["care", t("What shall be done"), tasksOf(one)],
        ["clock", t("When"), capital(whenOf(one))],
        one.worker_name && ["people", t("Who comes"), one.worker_name],
        ["building", t("From"), one.site_name],
      ])),
      h("section.card", { "aria-label": t("The price") }, splitOf(one)),
      one.visit_id && one.state !== "cancelled"
        && buttonLink(t("See the visit"), `/visits/${one.visit_id}`, { kind: "quiet", iconName: "care" }),
      one.site_phone && callButton(t("Call {site}", { site: one.site_name }), one.site_phone),
      one.can_cancel && buttonLink(t("Cancel this order"), `/orders/${one.id}/cancel`, { kind: "quiet" }),
    ].filter(Boolean) };
  },
};

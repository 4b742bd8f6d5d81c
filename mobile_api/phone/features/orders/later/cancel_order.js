// Cancelling an order, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";

export const cancelOrder = {
  title: () => t("Cancel this order?"),
  parent: "/orders",

  view(_, { params, perform }) {
    const end = button(t("Cancel this order"), { kind: "danger" });
    end.addEventListener("click", () => perform(end, () => cancel(params.order)));
    return {
      body: notice("look", t("Nobody will come."), t("What was kept of your voucher is yours again this month.")),
      action: actionBar(end, buttonLink(t("Keep it"), `/orders/${params.order}`, { kind: "quiet" })),
    };
  },
};

async function cancel(order) {
  await act("POST", `/care-orders/${order}/cancellation`, {});
  sayNext(t("That is done."));
  go(`/orders/${order}`, {}, { replace: true });
}

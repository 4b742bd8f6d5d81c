// Ending a standing order, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { capital, mealWords } from "../../../lib/words.js";
import { daysWords } from "./standing_words.js";

export const endStanding = {
  title: () => t("End this order?"),
  parent: "/meals/standing",
  load: ({ params, read }) => read(`/standing-orders/${params.order}`),

  view(order, { perform }) {
    const end = button(t("End it"), { kind: "danger" });
    end.addEventListener("click", () => perform(end, async () => {
      await act("POST", `/standing-orders/${order.id}/end`, {});
      sayNext(t("The order has ended."));
      go("/meals/standing", {}, { replace: true });
    }));
    return {
      body: [
        h("p.strong", {}, capital(`${mealWords(order.meal)} · ${daysWords(order.weekdays)} · ${order.canteen_name}`)),
        h("p", {}, t("What it has booked for the coming days is cancelled, as far as the kitchen has not begun.")),
      ],
      action: actionBar(end, buttonLink(t("Keep it"), `/meals/standing/${order.id}`, { kind: "quiet" })),
    };
  },
};

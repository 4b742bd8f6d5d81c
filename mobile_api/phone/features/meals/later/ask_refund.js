// Asking for the money back, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { money } from "../../../lib/words.js";

export const askRefund = {
  title: () => t("Ask for the money back?"),
  parent: "/wallets",
  load: ({ params, read }) => read(`/wallets/${params.wallet}`, {}, { keep: false }),

  view(one, { perform }) {
    const ask = button(t("Yes, I want it back"), { iconName: "check" });
    ask.addEventListener("click", () => perform(ask, () => askFor(one.id)));
    return {
      body: notice("look", t("The canteen gives you {amount} back.", { amount: money(one.balance_fen) }),
        t("You fetch it in cash at the counter. Meals that are booked stay booked.")),
      action: actionBar(ask, buttonLink(t("Keep the money there"), `/wallets/${one.id}`, { kind: "quiet" })),
    };
  },
};

async function askFor(id) {
  await act("POST", `/wallets/${id}/refund-request`, {});
  sayNext(t("That is done."));
  go(`/wallets/${id}`, {}, { replace: true });
}

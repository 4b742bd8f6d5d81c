// My money at canteens: how much is where, and how to pay in.

import { t } from "../../../lib/i18n.js";
import { badge, bigState, buttonLink, linkRow, list, notice } from "../../../lib/parts.js";
import { money } from "../../../lib/words.js";

export const wallets = {
  title: () => t("My meal money"),
  parent: "/bookings",

  async load({ read }) {
    const [me, mine] = await Promise.all([read("/me"), read("/wallets", {}, { keep: false })]);
    return { me, mine };
  },

  view({ me, mine }) {
    const withName = me.residents.length > 1;
    return { body: [
      mine.items.length === 0
        ? bigState("empty", [t("You have paid nothing in yet.")])
        : list(mine.items.map((one) => row(one, withName))),
      notice("look", t("Pay in at the counter of your canteen."),
        t("Give the money to the staff and take the receipt. Each meal is then paid from it.")),
      buttonLink(t("What the government adds to my meals"), "/meals/subsidy", { kind: "quiet", iconName: "help" }),
    ] };
  },
};

function row(one, withName) {
  return linkRow({
    path: `/wallets/${one.id}`,
    lead: "money",
    title: one.canteen_name,
    notes: [t("{amount} left", { amount: money(one.balance_fen) }), withName && one.resident_name],
    extra: one.refund_asked ? badge(t("Refund asked for"), "look") : [],
  });
}

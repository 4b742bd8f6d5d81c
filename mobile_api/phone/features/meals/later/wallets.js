// My money at canteens: how much is where, and how to pay in.

import { t } from "../../../lib/i18n.js";
import { badge, bigState, buttonLink, linkRow, list, notice } from "../../../lib/parts.js";
import { money } from "../../../lib/words.js";

export const wallets = {
  title: () => t("My meal money"),
  parent: "/bookings",

  async load({ read }) {
    const [me, mine, paid] = await Promise.all([
      read("/me"), read("/wallets", {}, { keep: false }), read("/top-ups", {}, { keep: false }),
    ]);
    const first = mine.items.length === 0 && me.residents.find((one) => one.usual_canteen_id);
    const asked = first && { canteen_id: first.usual_canteen_id };
    const choices = first && await read(`/residents/${first.id}/top-up-choices`, asked, { keep: false });
    return { me, mine, paid, first: choices && choices.is_on ? first : null };
  },

  view({ me, mine, paid, first }) {
    const withName = me.residents.length > 1;
    return { body: [
      mine.items.length === 0
        ? bigState("empty", [t("You have paid nothing in yet.")])
        : list(mine.items.map((one) => row(one, withName))),
      first && buttonLink(t("Pay in by phone"), "/wallets/top-up",
        { query: { resident: first.id, canteen: first.usual_canteen_id }, iconName: "money" }),
      notice("look", t("Pay in at the counter of your canteen."),
        t("Give the money to the staff and take the receipt. Each meal is then paid from it.")),
      paid.items.length > 0 && buttonLink(t("What I paid in by phone"), "/top-ups", { kind: "quiet" }),
      buttonLink(t("What the government adds to my meals"), "/meals/subsidy", { kind: "quiet", iconName: "help" }),
    ].filter(Boolean) };
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

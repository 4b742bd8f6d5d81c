// What was paid in by phone, the latest first.

import { t } from "../../../lib/i18n.js";
import { badge, bigState, linkRow, list } from "../../../lib/parts.js";
import { momentWords, money } from "../../../lib/words.js";
import { topUpWords } from "./top_up_words.js";

export const topUps = {
  title: () => t("What I paid in by phone"),
  parent: "/wallets",
  load: ({ read }) => read("/top-ups", {}, { keep: false }),

  view({ items }) {
    if (items.length === 0) return { body: bigState("empty", [t("You have paid nothing in yet.")]) };
    return { body: list(items.map(row)) };
  },
};

function row(one) {
  return linkRow({
    path: `/top-ups/${one.id}`,
    lead: "money",
    title: money(one.amount_fen),
    notes: [one.canteen_name, momentWords(one.paid_at || one.asked_at)],
    extra: badge(topUpWords(one.state), one.state === "paid" ? "good" : "look"),
  });
}

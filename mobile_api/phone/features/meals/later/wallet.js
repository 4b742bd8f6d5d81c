// One wallet: what is left in large, what became of the money, and asking for it back.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, button, buttonLink, callCanteen, list, notice, stillRow } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { mealOnDate, momentWords, money } from "../../../lib/words.js";

export const wallet = {
  title: () => t("My meal money"),
  parent: "/wallets",

  async load({ params, read }) {
    const one = await read(`/wallets/${params.wallet}`, {}, { keep: false });
    const asked = { canteen_id: one.canteen_id };
    const choices = await read(`/residents/${one.resident_id}/top-up-choices`, asked, { keep: false });
    return { one, choices };
  },

  view({ one, choices }, { perform }) {
    const keep = button(t("Keep the money there"), { kind: "quiet" });
    keep.addEventListener("click", () => perform(keep, () => withdraw(one.id)));
    return { body: [
      h("section.card.purse", { "aria-label": one.canteen_name },
        h("h2.purse__name", {}, one.canteen_name),
        h("p.purse__left", {}, t("{amount} left", { amount: money(one.balance_fen) })),
        h("p.soft", {}, one.resident_name)),
      one.refund_asked && notice("look", t("You asked for the money back."),
        t("Please fetch it at the counter of the canteen.")),
      one.refund_asked && keep,
      one.refund_refused && notice("look", t("The canteen could not give the money back."), one.refund_refused),
      choices.is_on && buttonLink(t("Pay in by phone"), "/wallets/top-up",
        { query: { resident: one.resident_id, canteen: one.canteen_id }, iconName: "money" }),
      callCanteen(one.canteen_phone),
      h("section.stack", {}, h("h2", {}, t("What became of the money")), list(one.lines.map(line))),
      !one.refund_asked && one.balance_fen > 0
        && buttonLink(t("Ask for the money back"), `/wallets/${one.id}/refund`, { kind: "quiet" }),
    ].filter(Boolean) };
  },
};

function line(one) {
  return stillRow({
    lead: one.move === "meal" ? "meal" : "money",
    title: `${moveWords(one.move)} ${money(one.amount_fen)}`,
    notes: [one.meal && mealOnDate(one), momentWords(one.made_at),
      t("{amount} left", { amount: money(one.balance_fen) })],
    extra: one.is_reversed ? badge(t("taken back"), "look") : [],
    dashed: false,
  });
}

function moveWords(move) {
  return {
    top_up: t("Paid in"), meal: t("Meal"), refund: t("Given back"), reversal: t("Put right"),
  }[move] || move;
}

async function withdraw(id) {
  await act("POST", `/wallets/${id}/refund-request/withdrawal`, {});
  sayNext(t("That is done."));
  go(`/wallets/${id}`, {}, { replace: true });
}

// One payment by phone: paid, not yet, or not any more. It looks by itself, less and less often.

import { read } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, callCanteen, facts, notice } from "../../../lib/parts.js";
import { reopen } from "../../../lib/router.js";
import { momentWords, money } from "../../../lib/words.js";
import { leaveToPay, topUpWords } from "./top_up_words.js";

const PAUSES_S = [2, 3, 5, 8, 13, 21];

export const topUpState = {
  title: () => t("Pay in by phone"),
  parent: "/wallets",
  backToParent: true,
  load: ({ params, read: ask }) => ask(`/top-ups/${params.topUp}`, {}, { keep: false }),

  view(one, { replaceView }) {
    if (isOpen(one)) lookAgain(one, replaceView, 0);
    return viewOf(one);
  },
};

function isOpen(one) {
  return one.state === "opened" || one.state === "waiting";
}

function viewOf(one) {
  return { body: [said(one), receipt(one), one.state !== "paid" && callCanteen(one.canteen_phone)].filter(Boolean),
    action: actionBar(next(one)) };
}

function said(one) {
  const sum = money(one.amount_fen);
  switch (one.state) {
    case "paid": return notice("good", t("{amount} is paid in.", { amount: sum }),
      one.balance_fen !== null && t("{amount} left", { amount: money(one.balance_fen) }));
    case "opened": return notice("look", t("The payment page does not answer yet."),
      t("Nothing is taken. You can pay at the counter as well."));
    case "waiting": return notice("look", t("Not paid yet"), t("Have you paid? Then it is shown here in a moment."));
    case "returned": return notice("look", t("The canteen could not take it."),
      t("{amount} goes back the way it came.", { amount: sum }));
    default: return notice("look", topUpWords(one.state), t("Nothing was taken. You may try again."));
  }
}

function receipt(one) {
  return h("section.card", { "aria-label": t("Receipt") }, facts([
    ["money", t("Paid in"), money(one.amount_fen)],
    ["building", t("From"), one.canteen_name],
    ["clock", t("When"), momentWords(one.paid_at || one.asked_at)],
    one.refunded_fen > 0 && ["again", t("Given back"), money(one.refunded_fen)],
    ["check", t("Receipt"), one.number],
  ]));
}

function next(one) {
  if (one.state === "waiting") {
    return button(t("Go on to pay"), { iconName: "next", onclick: () => leaveToPay(one.pay_url) });
  }
  if (one.state === "opened") return button(t("Look again"), { iconName: "again", onclick: reopen });
  const again = { resident: one.resident_id, canteen: one.canteen_id };
  if (one.state !== "paid") return buttonLink(t("Try again"), "/wallets/top-up", { query: again });
  return buttonLink(t("My meal money"), one.wallet_id ? `/wallets/${one.wallet_id}` : "/wallets");
}

function lookAgain(one, replaceView, round) {
  if (round >= PAUSES_S.length) return;
  const here = location.pathname;
  setTimeout(async () => {
    if (location.pathname !== here) return;
    const present = await read(`/top-ups/${one.id}`, {}, { keep: false }).then((answer) => answer.body, () => one);
    if (location.pathname !== here) return;
    if (present.state !== one.state) replaceView(viewOf(present));
    if (isOpen(present)) lookAgain(present, replaceView, round + 1);
  }, PAUSES_S[round] * 1000);
}

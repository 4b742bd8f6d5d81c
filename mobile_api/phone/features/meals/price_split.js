// What the meal costs, who carries which part, and what is left to pay.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { money } from "../../lib/words.js";

/** `split` is a quote or a booking; a quote also says the reason of each part. */
export function priceSplit(split) {
  const reasons = split.reasons || [];
  const parts = [
    [t("Canteen's discount"), split.operator_discount_fen, []],
    [t("Government subsidy"), split.subsidy_fen, reasons.filter((reason) => !isNoSubsidy(reason))],
    [t("Donation"), split.charity_fen, []],
  ].filter(([, fen, why]) => fen > 0 || why.length > 0);
  return h("dl.price-split", {},
    row(t("Price"), money(split.list_price_fen)),
    parts.map(([name, fen, why]) => lessRow(name, fen, why)),
    h("div.price-split__row.price-split__own", {}, h("dt", {}, t("You pay")), h("dd", {}, money(split.own_pay_fen))));
}

/** What the canteen or a charity gives is not the government's. */
function isNoSubsidy(reason) {
  return ["operator-discount", "charity"].includes(reason.code);
}

function row(name, amount) {
  return h("div.price-split__row", {}, h("dt", {}, name), h("dd", {}, amount));
}

/** With several reasons, each says its own share. */
function lessRow(name, fen, reasons) {
  return h("div.price-split__row.price-split__less", {}, h("dt", {}, name), h("dd", {}, money(-fen)),
    reasons.map((reason) => h("dd.price-split__reason", {},
      reasons.length > 1 ? `${reason.text} (${money(reason.amount_fen)})` : reason.text)));
}

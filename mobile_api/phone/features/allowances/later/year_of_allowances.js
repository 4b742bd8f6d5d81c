// The months of this year that are over, the latest first.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { bigState, list } from "../../../lib/parts.js";
import { money } from "../../../lib/words.js";
import { HOME, periodRow, readOwn } from "./allowance_words.js";

export const yearOfAllowances = {
  title: () => t("My allowances this year"),
  parent: HOME,

  load: ({ read }) => readOwn(read),

  view(own) {
    if (own.months.length === 0) return { body: bigState("empty", [t("No month of this year is over yet.")]) };
    return { body: [
      h("p.purse__left", {}, money(own.year_fen)),
      list(own.months.map(periodRow)),
    ] };
  },
};

// One month or one instalment: what it comes to, and every reason with its clause.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { bigState } from "../../../lib/parts.js";
import { dayOfYear, money } from "../../../lib/words.js";
import { HOME, readOwn, reasonsOf, section, stateBadge } from "./allowance_words.js";

export const allowance = {
  title: () => t("Every reason"),
  parent: HOME,
  backToParent: true,

  load: ({ read }) => readOwn(read),

  view(own, { params }) {
    const all = [...own.month, ...own.months, ...own.steps];
    const one = all.find((each) => each.programme === params.programme && each.period === params.period);
    if (!one) return { body: bigState("empty", [t("There is nothing to say of this.")]) };
    const [against, good] = [false, true].map((holds) => one.reasons.filter((reason) => reason.holds === holds));
    return {
      body: [
        h("section.card.stack", {},
          h("h2", {}, `${one.programme_name} ${one.period_name}`),
          h("p.purse__left", {}, money(one.state === "entitled" ? one.amount_fen : one.standard_fen)),
          h("p", {}, stateBadge(one), " ", one.band_name),
          one.due_on && h("p", {}, t("Full on {day}", { day: dayOfYear(one.due_on) }))),
        against.length > 0 && section(t("What is missing"), reasonsOf(against)),
        good.length > 0 && section(t("What is there"), reasonsOf(good)),
      ].filter(Boolean),
    };
  },
};

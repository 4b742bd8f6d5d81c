// What the government adds to my meals, in plain words.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { bigState, facts, notice } from "../../../lib/parts.js";
import { capital, mealWords, money } from "../../../lib/words.js";
import { personOf } from "../../homes/home_words.js";

export const subsidy = {
  title: () => t("What the government adds to my meals"),
  parent: "/wallets",

  async load({ read, query }) {
    const me = await read("/me");
    const person = personOf(me, query.resident);
    return { person, found: await read(`/residents/${person.id}/meal-entitlement`) };
  },

  view({ person, found }) {
    const rows = found.meals.map(mealRow).filter(Boolean);
    if (rows.length === 0) {
      return { body: bigState("empty", [t("Nothing is added to your meals at your age now.")]) };
    }
    return { body: [
      h("section.card.stack--close", { "aria-label": person.name },
        h("h2", {}, t("{name}, {age} years", { name: person.name, age: found.age })), facts(rows)),
      notice("look", found.is_for_the_day
        ? t("The amount is for all meals of a day together.")
        : t("At most {count} meals a day.", { count: found.meals_a_day }),
      found.day_fen !== null && t("At most {amount} a day.", { amount: money(found.day_fen) })),
      found.documents.length > 0 && h("p.soft", {}, t("By: {documents}", { documents: found.documents.join("; ") })),
    ].filter(Boolean) };
  },
};

/** A row for a meal to which something is added, on some days at least. */
function mealRow(one) {
  const usual = one.on_workdays.length > 0 ? one.on_workdays : one.on_other_days;
  if (usual.length === 0) return null;
  const words = usual.map(rateWords).join(t(", "));
  const same = JSON.stringify(one.on_workdays) === JSON.stringify(one.on_other_days);
  const days = same ? "" : t("on working days");
  return ["meal", capital(mealWords(one.meal)), [words, days].filter(Boolean).join(" · ")];
}

function rateWords(rate) {
  if (rate.fen !== null) return t("{amount} ({why})", { amount: money(rate.fen), why: rate.text });
  if (rate.percent !== null) return t("{percent}% of the price ({why})", { percent: rate.percent, why: rate.text });
  return t("you pay {amount}, the government pays the rest", { amount: money(rate.elder_pays_fen) });
}

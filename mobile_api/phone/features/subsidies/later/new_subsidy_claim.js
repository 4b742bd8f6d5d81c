// The last look before a claim is begun: what for, for whom, and which papers are asked for.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { dayOfYear } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";
import { HOME, monthsWords } from "./subsidy_words.js";

export const newSubsidyClaim = {
  title: () => t("Ask for a subsidy"),
  parent: HOME,

  load: ({ read }) => read("/subsidies"),

  view(own, { query, perform }) {
    const all = own.openings.filter((each) => isAsked(each, query)).reverse();
    if (all.length === 0) return { body: bigState("empty", [t("There is nothing to ask for now.")]) };
    const wish = { one: all[0] };
    const begin = button(t("Begin"), { iconName: "check" });
    begin.addEventListener("click", () => perform(begin, () => beginClaim(wish.one)));
    return {
      body: [
        card(all),
        all.length > 1 && whichMonths(all, wish),
        h("p", {}, wish.one.papers.length > 0
          ? t("Please have these papers at hand: {papers}. A photo is enough.", { papers: wish.one.papers.join("、") })
          : t("No papers are needed.")),
        h("p", {}, t("What we know already is filled in. Nothing is sent before you hand it in.")),
      ].filter(Boolean),
      action: actionBar(begin),
    };
  },
};

function isAsked(one, query) {
  return one.first_month && one.programme === query.programme
    && String(one.resident_id || "") === String(query.resident || "");
}

function card(all) {
  const [one] = all;
  const months = all.length === 1 && monthsWords(one);
  return h("section.card.stack", { "aria-label": one.programme_name },
    h("h2", {}, one.programme_name),
    h("p", {}, [one.person_name, months].filter(Boolean).join(" · ")),
    one.closes_on && h("p", {}, t("Until {day}", { day: dayOfYear(one.closes_on) })));
}

function whichMonths(all, wish) {
  return radioCards({
    legend: t("For which months?"), name: "months", chosen: wish.one.first_month,
    onChoose: (month) => { wish.one = all.find((one) => one.first_month === month); },
    choices: all.map((one) => [one.first_month, monthsWords(one)]),
  });
}

async function beginClaim(one) {
  const wish = { programme: one.programme, first_month: `${one.first_month}-01`, resident_id: one.resident_id };
  const made = await act("POST", "/subsidy-claims", wish);
  go(`${HOME}/claims/${made.id}`, {}, { replace: true });
}

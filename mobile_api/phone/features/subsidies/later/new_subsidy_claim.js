// The last look before a claim is begun: what for, for whom, what it comes to, and which papers are asked for.

import { act, read as readNow } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { dayOfYear, money } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";
import { HOME, monthsWords, toldSentence } from "./subsidy_words.js";

export const newSubsidyClaim = {
  title: () => t("Ask for a subsidy"),
  parent: HOME,

  async load({ read, query }) {
    const own = await read("/subsidies");
    const all = own.openings.filter((each) => isAsked(each, query)).reverse();
    return { all, known: all.length > 1 ? await knownMonths(all[0]) : [] };
  },

  view({ all, known }, { perform }) {
    if (all.length === 0) return { body: bigState("empty", [t("There is nothing to ask for now.")]) };
    const wish = { one: all.find((one) => known.includes(one.first_month)) || all[0] };
    const expected = h("section.card.stack", { "aria-live": "polite", "aria-label": t("What it may come to") });
    const choose = (one) => {
      wish.one = one;
      foresee(one).then((parts) => { if (wish.one === one) expected.replaceChildren(...parts); });
    };
    choose(wish.one);
    const begin = button(t("Begin"), { iconName: "check" });
    begin.addEventListener("click", () => perform(begin, () => beginClaim(wish.one)));
    return {
      body: [
        card(all),
        all.length > 1 && whichMonths(all, known, wish.one, choose),
        expected,
        h("p", {}, wish.one.papers.length > 0
          ? t("Please have these papers at hand: {papers}. A photo is enough.", { papers: wish.one.papers.join("、") })
          : t("No papers are needed.")),
        h("p", {}, t("What we know already is filled in. Nothing is sent before you hand it in.")),
      ].flat().filter(Boolean),
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

/** Of which months anything is known stands first, the others folded: nobody has to try one after the other. */
function whichMonths(all, known, chosen, choose) {
  const isFirst = (one) => one === chosen || known.includes(one.first_month);
  const cards = (legend, some) => radioCards({
    legend, name: "months", chosen: chosen.first_month,
    onChoose: (month) => choose(all.find((one) => one.first_month === month)),
    choices: some.map((one) => [one.first_month, monthsWords(one),
      known.includes(one.first_month) && t("something is recorded")]),
  });
  const others = all.filter((one) => !isFirst(one));
  return [
    cards(t("For which months?"), all.filter(isFirst)),
    others.length > 0 && h("details.fold", {}, h("summary.fold__head", {}, t("Other months")),
      cards(t("Other months"), others)),
  ];
}

async function knownMonths(one) {
  try {
    return (await readNow("/subsidy-claims/forecast", wishOf(one), { keep: false })).body.known_months;
  } catch (unanswered) {
    return [];
  }
}

/** The sum with how it comes about, or why none can be told; whoever wishes begins all the same. */
async function foresee(one) {
  const title = h("h2", {}, t("What it may come to"));
  try {
    const { body } = await readNow("/subsidy-claims/forecast", wishOf(one), { keep: false });
    return [title, ...sumWords(body)];
  } catch (unanswered) {
    return [title, h("p", {}, t("The sum cannot be told right now. You can begin all the same."))];
  }
}

function sumWords(told) {
  if (told.known_by === "nothing" || told.cases === 0) {
    return [h("p", {}, t("Nothing is recorded for this time yet, so no sum can be told.")),
      h("p", {}, t("You can begin all the same; the office looks at it."))];
  }
  const how = h("ul.stack", {}, told.sentences.map(toldSentence));
  if (told.expected_fen === 0) {
    return [h("p.strong", {}, t("By what is recorded now nothing would be paid, because:")), how];
  }
  return [h("p.purse__left", {}, t("about {amount}", { amount: money(told.expected_fen) })), how,
    h("p.soft", {}, t("What is paid is reckoned when it is granted."))];
}

function wishOf(one) {
  return { programme: one.programme, first_month: `${one.first_month}-01`, resident_id: one.resident_id };
}

async function beginClaim(one) {
  const made = await act("POST", "/subsidy-claims", wishOf(one));
  go(`${HOME}/claims/${made.id}`, {}, { replace: true });
}

// The last look before a claim is begun: what for, for whom, and which papers are asked for.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { dayOfYear } from "../../../lib/words.js";
import { HOME, monthsWords } from "./subsidy_words.js";

export const newSubsidyClaim = {
  title: () => t("Ask for a subsidy"),
  parent: HOME,

  load: ({ read }) => read("/subsidies"),

  view(own, { query, perform }) {
    const one = own.openings.find((each) => isAsked(each, query));
    if (!one) return { body: bigState("empty", [t("There is nothing to ask for now.")]) };
    const begin = button(t("Begin"), { iconName: "check" });
    begin.addEventListener("click", () => perform(begin, () => beginClaim(one)));
    return {
      body: [
        h("section.card.stack", {},
          h("h2", {}, one.programme_name),
          h("p", {}, `${one.person_name} · ${monthsWords(one)}`),
          one.closes_on && h("p", {}, t("Until {day}", { day: dayOfYear(one.closes_on) }))),
        h("p", {}, one.papers.length > 0
          ? t("Please have these papers at hand: {papers}. A photo is enough.", { papers: one.papers.join("、") })
          : t("No papers are needed.")),
        h("p", {}, t("What we know already is filled in. Nothing is sent before you hand it in.")),
      ],
      action: actionBar(begin),
    };
  },
};

function isAsked(one, query) {
  return one.programme === query.programme && one.first_month === query.month
    && String(one.resident_id || "") === String(query.resident || "");
}

async function beginClaim(one) {
  const wish = { programme: one.programme, first_month: `${one.first_month}-01`, resident_id: one.resident_id };
  const made = await act("POST", "/subsidy-claims", wish);
  go(`${HOME}/claims/${made.id}`, {}, { replace: true });
}

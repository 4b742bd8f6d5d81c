// What a home must have: where, how dear, with which beds.

import { t } from "../../lib/i18n.js";
import { actionBar, button } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { money } from "../../lib/words.js";
import { radioCards } from "../help/radio_cards.js";
import { PRICES, SITE_KINDS, STARS, personOf, siteKindWords, starsOrMore } from "./home_words.js";

export const wishes = {
  title: () => t("What are you looking for?"),
  parent: "/care",

  async load({ query, read }) {
    const resident = personOf(await read("/me"), query.resident);
    return resident ? await read("/homes", { resident_id: resident.id, limit: 1 }) : { counties: [] };
  },

  view({ counties }, { query }) {
    const wish = { ...query };
    const show = button(t("Show the homes"), { onclick: () => go("/care", filled(wish)) });
    const choose = (legend, name, choices) => radioCards({
      legend, name, choices, chosen: wish[name] || "", onChoose: (value) => { wish[name] = value; },
    });
    return {
      body: [
        whereTo(wish, counties),
        choose(t("Which kind of home?"), "site_kind",
          [["", t("Any kind")], ...SITE_KINDS.map((kind) => [kind, siteKindWords(kind)])]),
        choose(t("What may a month cost?"), "max_price_fen",
          [["", t("Any price")], ...PRICES.map((fen) => [String(fen), t("up to {price}", { price: money(fen) })])]),
        choose(t("How many stars?"), "min_stars",
          [["", t("Any, or none")], ...STARS.map((stars) => [String(stars), starsOrMore(stars)])]),
        takingIn(wish),
        choose(t("Is nursing needed?"), "nursing", [["", t("No")], ["true", t("Yes, nursing beds")]]),
      ],
      action: actionBar(show),
    };
  },
};

/** The whole city, round the corner, or a county of the city by name. */
function whereTo(wish, counties) {
  return radioCards({
    legend: t("Where?"),
    name: "near",
    choices: [
      ["", t("In the whole city")], ["county", t("In your county")], ["town", t("In your town")],
      ...counties.map(({ code, name }) => [code, name]),
    ],
    chosen: wish.division || wish.near || "",
    onChoose: (value) => {
      const isCode = counties.some(({ code }) => code === value);
      wish.division = isCode ? value : "";
      wish.near = isCode ? "" : value;
    },
  });
}

/** Any home, one to queue for at least, or one with a free bed. */
function takingIn(wish) {
  return radioCards({
    legend: t("Must a bed be free now?"),
    name: "taking",
    choices: [["", t("No, any home")], ["accepting", t("No, I can queue")], ["free", t("Yes, free now")]],
    chosen: wish.free ? "free" : wish.accepting ? "accepting" : "",
    onChoose: (value) => {
      wish.free = value === "free" ? "true" : "";
      wish.accepting = value === "accepting" ? "true" : "";
    },
  });
}

function filled(wish) {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value));
}

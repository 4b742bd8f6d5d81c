// One home: what it costs and offers, which beds are free, and the ways to it.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, buttonLink, callButton, facts, notice } from "../../lib/parts.js";
import { momentWords, money, shortAddress } from "../../lib/words.js";
import { bedWords, farWords, freeIn, starWords } from "./home_words.js";

export const oneHome = {
  title: () => t("Care home"),
  parent: "/care",

  async load({ params, query, read }) {
    const [me, home] = await Promise.all([
      read("/me"), read(`/homes/${params.home}`, { resident_id: query.resident }),
    ]);
    return { me, home };
  },

  view({ me, home }, { query }) {
    const mine = { query: { resident: query.resident, name: home.name } };
    return {
      title: home.name,
      body: [
        h("section.card", { "aria-label": t("What it costs and offers") }, homeFacts(home, me)),
        bedsNow(home),
        home.features.length > 0 && h("ul.marks", {}, home.features.map((one) => h("li.mark", {}, one))),
        home.phone && callButton(t("Call"), home.phone),
        buttonLink(t("Arrange a visit"), `/care/homes/${home.id}/visit`, { kind: "quiet", ...mine }),
      ].filter(Boolean),
      action: home.beds.length > 0 && home.is_open
        ? actionBar(buttonLink(t("Apply for a bed"), `/care/homes/${home.id}/apply`, mine)) : null,
    };
  },
};

function homeFacts(home, me) {
  return facts([
    ["place", t("Address"), [home.county_name, shortAddress(home.address || "", me)].filter(Boolean).join(" ")],
    home.monthly_price_from_fen && ["money", t("A month, from"), money(home.monthly_price_from_fen)],
    ["place", t("How far"), farWords(home)],
    home.stars && ["star", t("Rating"), starWords(home.stars)],
    home.is_inclusive && ["shield", t("Prices"), t("agreed with the government")],
  ]);
}

function bedsNow(home) {
  if (home.beds.length === 0) return notice("look", t("This home has not entered its beds. Please call."));
  return h("section.card.stack", {},
    h("h2", {}, freeIn(home) > 0 ? t("Free beds now: {count}", { count: freeIn(home) })
      : t("No bed is free now, you can queue")),
    facts(home.beds.map((one) =>
      ["bed", bedWords(one.kind), t("{free} of {beds} free", { free: one.free, beds: one.beds })])),
    h("p.soft", {}, t("As of {when}", { when: momentWords(home.as_of) })));
}

// One home: what it costs and offers, which beds are free, and the ways to it.

import { API } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, buttonLink, callButton, facts, notice } from "../../lib/parts.js";
import { momentWords, money, shortAddress } from "../../lib/words.js";
import {
  acceptingWords, bedWords, farWords, freeIn, priceWords, rangeWords, serviceWords, starWords,
} from "./home_words.js";

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
        prices(home.prices || []),
        services(home),
        photos(home.photos || []),
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
    ["place", t("How far"), farWords(home)],
    home.stars && ["star", t("Rating"), starWords(home.stars)],
    monthOf(home),
    home.is_inclusive && ["shield", t("Prices"), t("agreed with the government")],
    ["people", t("Taking people in"), acceptingWords(home)],
  ]);
}

function monthOf({ monthly_price_from_fen: lowest, monthly_price_to_fen: highest }) {
  if (!lowest) return null;
  return highest ? ["money", t("A month, in all"), rangeWords(lowest, highest)]
    : ["money", t("A month, from"), money(lowest)];
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

function prices(items) {
  return items.length > 0 && h("section.card.stack", {},
    h("h2", {}, t("What it costs")),
    facts(items.map((one) => ["money", priceWords(one.item), rangeWords(one.lowest_fen, one.highest_fen)])));
}

/** What the register knows it offers, and what it says of itself; each once. */
function services(home) {
  const words = [...new Set([...(home.services || []).map(serviceWords), ...home.features])];
  return words.length > 0 && h("section.stack", {},
    h("h2", {}, t("What it offers")),
    h("ul.marks", {}, words.map((one) => h("li.mark", {}, one))));
}

function photos(shown) {
  return shown.length > 0 && h("section.stack", {},
    h("h2", {}, t("Photos")),
    shown.map(photo));
}

/**
 * Without its caption it is only a picture; one that does not come leaves no gap. A caption is the
 * home's own words, in whatever language the app speaks.
 */
function photo({ path, caption }) {
  const image = h("img.home-photo__picture", { src: API + path, alt: caption, loading: "lazy" });
  const figure = h("figure.home-photo", { lang: "zh-CN" }, image,
    caption && h("figcaption", { "aria-hidden": "true" }, caption));
  image.addEventListener("error", () => figure.remove(), { once: true });
  return figure;
}

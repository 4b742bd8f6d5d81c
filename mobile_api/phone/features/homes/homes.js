// Find a home: the nearest first, each with its price and the beds that are free now.

import { read as readNow } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { bigState, buttonLink, callButton, growingList, linkRow } from "../../lib/parts.js";
import { money } from "../../lib/words.js";
import { farWords, freeBadge, personOf, starWords, wishesIn, wishWords } from "./home_words.js";

export const homes = {
  title: () => t("Care homes near you"),
  parent: "/",

  async load({ query, read }) {
    const me = await read("/me");
    const resident = personOf(me, query.resident);
    const page = { ...wishesIn(query), resident_id: resident && resident.id, limit: 20 };
    const nothing = { items: [], next_cursor: null, counties: [] };
    return { resident, page, found: resident ? await read("/homes", page) : nothing };
  },

  view({ resident, page, found }, { query }) {
    const asked = { ...query, resident: resident && resident.id };
    const doors = [
      buttonLink(t("Looking for: {wishes}", { wishes: wishWords(query, found.counties) }), "/care/wishes",
        { kind: "quiet", query: asked, iconName: "search" }),
      buttonLink(t("Show on the map"), "/care/map", { kind: "quiet", query: asked, iconName: "place" }),
      buttonLink(t("My applications and visits"), "/care/applications", { kind: "quiet", iconName: "booking" }),
      buttonLink(t("Care bed at home"), "/care/home-beds", { kind: "quiet", iconName: "bed" }),
      buttonLink(t("My vouchers"), "/vouchers", { kind: "quiet", iconName: "money" }),
      buttonLink(t("Make my home safe"), "/care/renovations", { kind: "quiet", iconName: "building" }),
    ];
    if (found.items.length === 0) return { body: [h("div.stack", {}, doors), noHomes()] };
    const askNext = async (cursor) => (await readNow("/homes", { ...page, cursor })).body;
    return { body: [h("div.stack", {}, doors), growingList(found, askNext, (home) => homeRow(home, resident))] };
  },
};

function homeRow(home, resident) {
  return linkRow({
    path: `/care/homes/${home.id}`,
    query: { resident: resident.id },
    lead: "building",
    title: home.name,
    notes: [
      [home.county_name, farWords(home)].filter(Boolean).join(" · "),
      starWords(home.stars),
      home.monthly_price_from_fen && t("A month, from {price}", { price: money(home.monthly_price_from_fen) }),
    ],
    extra: freeBadge(home),
  });
}

function noHomes() {
  return bigState("empty", [t("No care home fits. Look for something else, or call us, and we will look with you.")],
    [callButton(t("Call us:"), hotline())]);
}

// Find care: care homes near by, each with its number.

import { read as readNow } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { bigState, callButton, facts, growingList } from "../../lib/parts.js";
import { distanceWords, money, shortAddress } from "../../lib/words.js";


export const careHomes = {
  title: () => t("Care homes near you"),
  parent: "/",

  async load({ read }) {
    const me = await read("/me");
    const near = me.residents.find((resident) => resident.is_self) || me.residents[0];
    const page = { kind: "care_home", resident_id: near && near.id, limit: 20 };
    return { me, page, homes: near ? await read("/sites", page) : { items: [], next_cursor: null } };
  },

  view({ me, page, homes }) {
    if (homes.items.length === 0) return { body: noHomes() };
    const askNext = async (cursor) => (await readNow("/sites", { ...page, cursor })).body;
    const advice = h("p.soft", {}, t("Call to ask about rooms and prices, or to arrange a visit."));
    return { body: [advice, growingList(homes, askNext, (home) => homeCard(home, me))] };
  },
};

function homeCard(home, me) {
  return h("section.card.stack", {},
    h("h2", {}, home.name),
    facts([
      ["place", distanceWords(home) || t("Address"), placeOf(home, me)],
      home.beds_declared && ["bed", t("Beds"), String(home.beds_declared)],
      home.monthly_price_from_fen && ["money", t("A month, from"), money(home.monthly_price_from_fen)],
    ]),
    home.features.length > 0 && h("ul.marks", {}, home.features.map((feature) => h("li.mark", {}, feature))),
    home.phone && callButton(t("Call"), home.phone));
}

/** The address, with the county before it where it does not name it itself. */
function placeOf(home, me) {
  const address = shortAddress(home.address || "", me);
  const names = [home.county_name, address].filter(Boolean);
  return address.includes(home.county_name) ? address : names.join(" ");
}

function noHomes() {
  return bigState("empty", [t("No care home is listed here yet. Call us, and we will look with you.")],
    [callButton(t("Call us:"), hotline())]);
}

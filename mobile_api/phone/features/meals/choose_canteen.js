// Where to eat: the usual canteen first, then the nearest.

import { read as readNow } from "../../lib/api.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { badge, bigState, callButton, growingList, linkRow } from "../../lib/parts.js";
import { distanceWords, shortAddress } from "../../lib/words.js";
import { forWhom } from "../residents/resident.js";

export const chooseCanteen = {
  title: () => t("Which canteen?"),
  parent: "/",

  async load({ query, read }) {
    const [me, canteens] = await Promise.all([read("/me"), read("/canteens", pageOf(query))]);
    return { me, canteens };
  },

  view({ me, canteens }, { query }) {
    if (canteens.items.length === 0) return { body: noCanteens() };
    const askNext = async (cursor) => (await readNow("/canteens", { ...pageOf(query), cursor })).body;
    const rowOf = (canteen) => canteenRow(canteen, me, query.resident);
    return { body: [forWhom(me, query.resident), growingList(canteens, askNext, rowOf)] };
  },
};

function pageOf(query) {
  return { resident_id: query.resident, limit: 20 };
}

function canteenRow(canteen, me, resident) {
  return linkRow({
    path: `/meals/canteens/${canteen.id}`,
    query: { resident },
    lead: canteen.is_usual ? "star" : "canteen",
    title: canteen.name,
    notes: [distanceWords(canteen), shortAddress(canteen.address, me)],
    extra: placesToday(canteen),
  });
}

function placesToday(canteen) {
  const left = canteen.places_left_today;
  if (left === null || left === undefined) return null;
  if (left > 0) return badge(t("Places left today: {count}", { count: left }), "good");
  return badge(t("Full today, later days are open"), "look");
}

function noCanteens() {
  return bigState("empty", [t("There is no canteen near you yet. Call us, and we will look with you.")],
    [callButton(t("Call us:"), hotline())]);
}

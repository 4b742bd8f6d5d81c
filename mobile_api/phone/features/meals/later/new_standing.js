// A meal for every week, step one: for whom, and at which canteen.

import { read as readNow } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { growingList, linkRow, list } from "../../../lib/parts.js";
import { distanceWords } from "../../../lib/words.js";
import { forWhom } from "../../residents/resident.js";

export const newStanding = {
  title: () => t("Every week: which canteen?"),
  parent: "/meals/standing",

  async load({ query, read }) {
    const me = await read("/me");
    const resident = query.resident || (me.residents.length === 1 ? String(me.residents[0].id) : null);
    return { me, resident, canteens: resident && await read("/canteens", pageOf(resident)) };
  },

  view({ me, resident, canteens }) {
    if (!resident) return { title: t("For whom?"), body: [list(me.residents.map(personRow))] };
    const askNext = async (cursor) => (await readNow("/canteens", { ...pageOf(resident), cursor })).body;
    const rowOf = (canteen) => canteenRow(canteen, resident);
    return { body: [h("div", {}, forWhom(me, resident)), growingList(canteens, askNext, rowOf)] };
  },
};

function pageOf(resident) {
  return { resident_id: resident, limit: 20 };
}

function personRow(one) {
  return linkRow({ path: "/meals/standing/new", query: { resident: one.id }, lead: "person", title: one.name });
}

function canteenRow(canteen, resident) {
  return linkRow({
    path: "/meals/standing/days",
    query: { resident, canteen: canteen.id },
    lead: canteen.is_usual ? "star" : "canteen",
    title: canteen.name,
    notes: [distanceWords(canteen)],
  });
}

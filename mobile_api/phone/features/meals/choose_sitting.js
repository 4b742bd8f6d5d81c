// Which day and which meal, at one canteen.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { bigState, callCanteen, linkRow, list, stillRow } from "../../lib/parts.js";
import { capital, fullDay, hoursWords, mealWords, shortAddress } from "../../lib/words.js";
import { forWhom } from "../residents/resident.js";
import { unreadNotices } from "./notices.js";
import { askPlaces, closedBecause, mayBook, placesBadge } from "./places.js";
import { MENU_DAYS } from "./sitting_of.js";

export const chooseSitting = {
  title: () => t("Which day, which meal?"),
  parent: "/meals",

  async load({ params, query, read }) {
    const [me, canteen, menu, places, told] = await Promise.all([
      read("/me"),
      read(`/canteens/${params.canteen}`, { resident_id: query.resident }),
      read(`/canteens/${params.canteen}/menu`, MENU_DAYS),
      askPlaces(read, params.canteen),
      read(`/canteens/${params.canteen}/notices`),
    ]);
    return { me, canteen, menu, places, told };
  },

  view({ me, canteen, menu, places, told }, { query, perform }) {
    const days = menu.days.filter((day) => day.sittings.length > 0);
    return {
      body: [
        h("div", {},
          h("p.strong", {}, canteen.name),
          h("p.soft", {}, shortAddress(canteen.address, me)),
          forWhom(me, query.resident)),
        unreadNotices(told.items, perform),
        days.length ? days.map((day) => daySection(day, canteen, places, query.resident)) : closed(canteen),
        days.length > 0 && callCanteen(canteen.phone),
      ].flat().filter(Boolean),
    };
  },
};

function daySection(day, canteen, places, resident) {
  return h("section.stack", {}, h("h2", {}, fullDay(day.day)),
    list(day.sittings.map((sitting) => sittingRow(sitting, places, canteen, resident))));
}

function sittingRow(sitting, places, canteen, resident) {
  const state = places[sitting.id];
  const mayLook = mayBook(state) || state.state === "full";
  const row = {
    lead: "meal",
    title: capital(mealWords(sitting.meal)),
    notes: [
      h("span.figures", {}, hoursWords(sitting.serves_from, sitting.serves_until)),
      mayLook ? sitting.dishes.map((dish) => dish.name).join(t(", ")) : closedBecause(places, sitting),
    ],
    extra: placesBadge(state, sitting),
  };
  if (!mayLook) return stillRow(row);
  return linkRow({ ...row, path: `/meals/sittings/${sitting.id}`, query: { canteen: canteen.id, resident } });
}

function closed(canteen) {
  return bigState(
    "empty",
    [t("This canteen has no meals in the next seven days. Please look at another one, or call.")],
    [callCanteen(canteen.phone)],
  );
}

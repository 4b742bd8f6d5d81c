// Meals that nobody came for, what follows from them, and how to say that it was otherwise.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { bigState, buttonLink, list, notice, stillRow } from "../../../lib/parts.js";
import { mealOnDate } from "../../../lib/words.js";

export const missed = {
  title: () => t("Meals not collected"),
  parent: "/bookings/past",

  async load({ read }) {
    const me = await read("/me");
    const found = await Promise.all(me.residents.map((one) => read(`/residents/${one.id}/missed-meals`)));
    const people = me.residents.map((person, place) => ({ person, found: found[place] }));
    return people.filter((one) => one.found.items.length > 0);
  },

  view(people) {
    if (people.length === 0) return { body: bigState("empty", [t("Every meal was collected.")]) };
    return { body: people.map(ofOne) };
  },
};

function ofOne({ person, found }) {
  const { items, days, misses } = found;
  const told = { name: person.name, count: items.length, days };
  const counted = t("{name}: not collected {count} times in {days} days", told);
  const follows = found.refuses_late
    && t("From {misses} times on, the few late places go to others for a while.", { misses });
  return h("section.stack", { "aria-label": person.name },
    notice("look", counted, follows,
      t("Booking in time is nobody's to lose, and what was not collected costs you nothing.")),
    list(items.map((one) => h("div.stack", {},
      stillRow({ lead: "meal", title: mealOnDate(one), notes: [one.canteen_name] }),
      notRight(one)))));
}

function notRight(one) {
  const query = { kind: "missed" };
  return buttonLink(t("That is not right"), `/bookings/${one.booking_id}/complaint`, { kind: "quiet", query });
}

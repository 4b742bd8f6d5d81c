// Who may act for me, and how to let somebody, or no longer.

import { t } from "../../lib/i18n.js";
import { actionBar, bigState, buttonLink, linkRow, list, stillRow } from "../../lib/parts.js";
import { calendarDay } from "../../lib/words.js";
import { relationWords, scopeWords } from "./helper_words.js";
import { ownResident } from "./resident.js";

export const helpers = {
  title: () => t("Who helps me"),
  parent: "/help",

  async load({ read, query }) {
    const resident = ownResident(await read("/me"), query.resident);
    const found = resident ? await read(`/residents/${resident.id}/helpers`) : { items: [] };
    return { resident, items: found.items.filter((one) => !one.is_self) };
  },

  view({ resident, items }) {
    if (!resident) return { body: bigState("empty", [t("This phone is not signed in for an elder herself.")]) };
    const ofMine = { query: { resident: resident.id } };
    const rows = items.map((one) => (one.lasts ? helperRow(resident, one) : formerRow(one)));
    return {
      body: [
        rows.length ? list(rows) : nobody(),
        buttonLink(t("By phone number instead"), "/help/helpers/new", { ...ofMine, kind: "quiet" }),
      ],
      action: actionBar(buttonLink(t("Let somebody help me"), "/help/helpers/code", { ...ofMine, iconName: "people" })),
    };
  },
};

function nobody() {
  return bigState("empty", [
    t("Nobody helps you on the phone yet. A daughter or a neighbour can book meals for you."),
  ]);
}

function helperRow(resident, helper) {
  return linkRow({
    path: `/help/helpers/${helper.id}/end`,
    query: { resident: resident.id, name: helper.name },
    lead: "person",
    title: helper.name || t("A helper"),
    notes: [relationWords(helper.relation), scopeWords(helper.scopes)],
  });
}

function formerRow(helper) {
  return stillRow({
    lead: "person",
    title: helper.name || t("A helper"),
    notes: [t("No longer, since {day}", { day: calendarDay(helper.ends_on) })],
  });
}

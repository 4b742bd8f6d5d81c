// Who did what for me, and who looked at my file.

import { read as readNow } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { bigState, growingList, list, stillRow } from "../../lib/parts.js";
import { momentWords } from "../../lib/words.js";
import { ownResident } from "./resident.js";

const PAGE = { limit: 20 };

export const doneForMe = {
  title: () => t("What was done for me"),
  parent: "/help",

  async load({ read, query }) {
    const resident = ownResident(await read("/me"), query.resident);
    if (!resident) return { resident };
    const [page, openings] = await Promise.all([
      read(`/residents/${resident.id}/acts`, PAGE), read(`/residents/${resident.id}/openings`),
    ]);
    return { resident, page, openings: openings.items };
  },

  view({ resident, page, openings }) {
    if (!resident) return { body: bigState("empty", [t("This phone is not signed in for an elder herself.")]) };
    const askNext = async (cursor) => (await readNow(`/residents/${resident.id}/acts`, { ...PAGE, cursor })).body;
    const nothing = h("p", {}, t("There is nothing here yet."));
    return { body: [
      h("section.stack", {}, h("h2", {}, t("Who did what")),
        page.items.length ? growingList(page, askNext, doneRow) : nothing),
      h("section.stack", {}, h("h2", {}, t("Who looked at my file")),
        openings.length ? list(openings.map(openingRow)) : h("p", {}, t("Nobody did."))),
    ] };
  },
};

function doneRow(done) {
  return stillRow({ lead: done.by === "self" ? "person" : "people", title: done.deed, dashed: false,
    notes: [`${who(done)} · ${momentWords(done.at)}`] });
}

function who(done) {
  const words = { self: t("Myself"), helper: t("A helper"), staff: t("An office"), platform: t("The platform") };
  return done.name || words[done.by];
}

function openingRow(opening) {
  return stillRow({ lead: "search", title: opening.name || t("An office"), dashed: false,
    notes: [opening.is_export ? `${opening.reason} · ${t("taken along in a list")}` : opening.reason,
      momentWords(opening.at)] });
}

// The ability level that the city has confirmed, and its last day, of everybody this account acts for.

import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { bigState, callButton, facts } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { dayOfYear } from "../../lib/words.js";

export const ability = {
  title: () => t("Ability level"),
  parent: "/help",

  async load({ read }) {
    const me = await read("/me");
    return { people: await Promise.all(me.residents.map((resident) => withLevel(resident, read))) };
  },

  view({ people }) {
    if (people.length === 0) return { body: bigState("empty", [t("No elder is connected to this phone number yet.")]) };
    return { body: [...people.map(card), callButton(t("Ask about an assessment:"), hotline())] };
  },
};

/** A level is about health: it is asked for each time, and not kept on the phone. */
async function withLevel(resident, read) {
  try {
    const answer = await read(`/residents/${resident.id}/assessment`, {}, { keep: false });
    return { name: resident.name, ...answer };
  } catch (error) {
    if (error instanceof Problem && error.code === "outside-scope") return { name: resident.name, isClosed: true };
    throw error;
  }
}

function card(person) {
  return h("section.card.stack", {}, h("h2", {}, person.name), contentOf(person));
}

function contentOf(person) {
  if (person.isClosed) return h("p", {}, t("Only she herself, or whoever she allows it, may see this."));
  return person.level ? level(person) : none();
}

function level(person) {
  return facts([
    ["care", t("Level"), levelWords(person.level)],
    ["clock", t("Holds until"), dayOfYear(person.valid_until)],
  ]);
}

function none() {
  return h("p", {}, t("There is no confirmed level at present. The community office can arrange an assessment."));
}

function levelWords(level) {
  return {
    intact: t("Able"), mild: t("Mild disability"), moderate: t("Moderate disability"),
    severe: t("Severe disability"), total: t("Total disability"),
  }[level] || level;
}

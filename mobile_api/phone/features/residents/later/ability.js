// The ability level that the city has confirmed, and its last day, of everybody this account acts for.

import { h } from "../../../lib/dom.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { bigState, buttonLink, callButton, facts } from "../../../lib/parts.js";
import { Problem } from "../../../lib/problems.js";
import { dayOfYear } from "../../../lib/words.js";

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
    return { ...resident, ...answer };
  } catch (error) {
    const closed = error instanceof Problem && ["outside-scope", "consent-needed"].includes(error.code);
    if (closed) return { ...resident, isClosed: error.code };
    throw error;
  }
}

function card(person) {
  return h("section.card.stack", {}, h("h2", {}, person.name), contentOf(person));
}

function contentOf(person) {
  if (person.isClosed === "consent-needed") return agreeFirst(person);
  if (person.isClosed) return h("p", {}, t("Only she herself, or whoever she allows it, may see this."));
  return person.level ? level(person) : none();
}

/** Her own consent can be given here; a helper is told whose it is. */
function agreeFirst(person) {
  if (!person.is_self) return h("p", {}, t("{name} has not agreed that this is shown.", { name: person.name }));
  return [
    h("p", {}, t("It is shown here once you agree.")),
    buttonLink(t("Read and agree"), "/help/consents/health", { kind: "quiet", query: { resident: person.id } }),
  ];
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

// What a helper is to me and may do for me, in words.

import { draft, setDraft } from "../../lib/draft.js";
import { t } from "../../lib/i18n.js";
import { radioCards } from "../help/radio_cards.js";

export const RELATIONS = ["child", "spouse", "relative", "neighbour", "community", "other"];

export const SCOPES = ["book_meals", "see_visits", "apply", "see_health"];

/** Who one is to the other; what was chosen is remembered as a draft. */
export function relationChoice(name, legend) {
  return radioCards({
    legend,
    name,
    chosen: draft(name) || "child",
    onChoose: (relation) => setDraft(name, relation),
    choices: RELATIONS.map((relation) => [relation, relationWords(relation)]),
  });
}

export function relationWords(relation) {
  return {
    child: t("Son or daughter"),
    spouse: t("Husband or wife"),
    relative: t("Other relative"),
    neighbour: t("Neighbour"),
    community: t("Community worker"),
    other: t("Somebody else"),
  }[relation] || "";
}

export function scopeWords(scopes) {
  const words = {
    book_meals: t("books meals"),
    see_visits: t("sees visits"),
    apply: t("applies for me"),
    see_health: t("sees my health facts"),
  };
  return scopes.map((scope) => words[scope]).filter(Boolean).join(" · ");
}

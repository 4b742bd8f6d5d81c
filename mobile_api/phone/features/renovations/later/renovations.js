// Renovations of everybody this phone may apply for; where there is none, the way to one.

import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { badgeKind, stateWords } from "./renovation_words.js";

export const renovations = {
  title: () => t("Make my home safe"),
  parent: "/care",
  backToParent: true,

  load: ({ read }) => read("/renovations"),

  view({ items }) {
    const ask = buttonLink(t("Ask for my home to be made safe"), "/care/renovations/new", { iconName: "building" });
    if (items.length === 0) {
      const what = t("Grab bars, a floor that does not slip, a rail at the bed: the city pays a part.");
      const none = bigState("care", [what, t("You have not asked for it yet.")]);
      return { body: none, action: actionBar(ask) };
    }
    return { body: list(items.map(row)), action: actionBar(ask) };
  },
};

function row(one) {
  return linkRow({
    path: `/care/renovations/${one.id}`,
    lead: "building",
    title: one.resident_name,
    notes: [one.address],
    extra: badge(stateWords(one.state), badgeKind(one.state)),
  });
}

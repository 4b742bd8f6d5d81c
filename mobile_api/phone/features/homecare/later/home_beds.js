// Care beds at home of everybody this phone may apply for; where there is none, the way to one.

import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { badgeKind, stateWords } from "./home_bed_words.js";

export const homeBeds = {
  title: () => t("Care beds at home"),
  parent: "/care",
  backToParent: true,

  load: ({ read }) => read("/home-beds"),

  view({ items }) {
    const ask = buttonLink(t("Ask for a care bed at home"), "/care/home-beds/new", { iconName: "bed" });
    if (items.length === 0) {
      return { body: bigState("care", [t("Somebody comes to your home to care for you, and devices call for help."),
        t("You have not asked for it yet.")]), action: actionBar(ask) };
    }
    return { body: list(items.map(row)), action: actionBar(ask) };
  },
};

function row(one) {
  return linkRow({
    path: `/care/home-beds/${one.id}`,
    lead: "bed",
    title: one.resident_name,
    notes: [one.site_name],
    extra: badge(stateWords(one.state), badgeKind(one.state)),
  });
}

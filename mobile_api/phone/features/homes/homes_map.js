// Homes on a map: tapping a mark opens the home, or comes closer where several stand together.
//
// The map lies still under the finger, so that the page scrolls as everywhere. What draws it is asked
// for when somebody comes here. Without pictures the ground is plain; the list tells the same.

import { BASE } from "../../lib/base.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { bigState, button, buttonLink } from "../../lib/parts.js";
import { personOf, wishesIn } from "./home_words.js";

const MOST = 100;
let library = null;

export const homesMap = {
  title: () => t("Care homes on the map"),
  parent: "/care",

  async load({ query, read }) {
    const me = await read("/me");
    const resident = personOf(me, query.resident);
    const asked = { ...wishesIn(query), resident_id: resident && resident.id, limit: MOST };
    return { resident, found: resident ? await read("/homes", asked) : { items: [] } };
  },

  view({ resident, found }, { query }) {
    const placed = found.items.filter((home) => home.x !== null);
    const back = buttonLink(t("Show as a list"), "/care", { kind: "quiet", query, iconName: "booking" });
    if (placed.length === 0) {
      const nowhere = t("It is not entered yet where these homes are. The list shows them all.");
      return { body: [back, bigState("empty", [nowhere])] };
    }
    const ground = h("div.map", { role: "group", "aria-label": t("Map of the homes") });
    const all = button(t("Show all homes"), { kind: "quiet", iconName: "search" });
    drawWhenSeen(ground, { homes: placed, resident, all });
    return { body: [back, ground, all, h("p.soft", {}, t("The number is how many beds are free."))] };
  },
};

/** Leaflet measures the ground: it has to stand on the page first. */
function drawWhenSeen(ground, facts) {
  const ready = Promise.all([import("./later/drawing.js"), askForLibrary()]);
  requestAnimationFrame(() => ready.then(
    ([{ draw }]) => ground.isConnected && draw(ground, facts),
    () => ground.replaceChildren(h("p", {}, t("The map cannot be opened now. The list shows all homes.")))));
}

function askForLibrary() {
  if (window.L) return Promise.resolve();
  if (library) return library;
  library = new Promise((done, failed) => {
    document.head.append(
      h("link", { rel: "stylesheet", href: `${BASE}/leaflet/leaflet.css` }),
      h("script", { src: `${BASE}/leaflet/leaflet.js`, onload: done, onerror: failed }));
  });
  library.catch(() => { library = null; });
  return library;
}

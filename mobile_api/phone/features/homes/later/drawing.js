// Draws homes on a map with Leaflet, which has to be there. Asked for when somebody opens the map.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { pathOf } from "../../../lib/router.js";
import { freeBadge, freeIn } from "../home_words.js";

const FIRST_SEEN = 3;
const ABOVE_PX = 80; // a mark of 64 px and 12 px to the next
const BESIDE_LETTERS = 6; // as wide as the words of a mark, in whatever size
const STILL = {
  dragging: false, touchZoom: false, doubleClickZoom: false, scrollWheelZoom: false, boxZoom: false,
  keyboard: false, zoomControl: false, attributionControl: false, zoomAnimation: false,
  fadeAnimation: false, markerZoomAnimation: false, tap: false, zoomSnap: 0.5, maxZoom: 17,
};
const ROOM_AROUND = { padding: [48, 48], maxZoom: 14 };

/** Homes as marks on the ground; `all` is the button that shows every one of them. */
export function draw(ground, { homes, resident, all }) {
  const map = window.L.map(ground, STILL);
  const { tiles, tilesCredit } = document.documentElement.dataset;
  if (tiles) layPictures(map, tiles, tilesCredit);
  const marks = window.L.layerGroup().addTo(map);
  const arrange = () => {
    marks.clearLayers();
    for (const group of together(map, homes)) mark(map, marks, group, resident);
  };
  map.on("zoomend moveend", arrange);
  for (const [county, of] of byCounty(homes)) nameCounty(map, county, of);
  all.addEventListener("click", () => map.fitBounds(homes.map(at), ROOM_AROUND));
  map.fitBounds(nearest(homes).map(at), ROOM_AROUND);
}

/** Where somebody begins to look: the homes nearest to where the elder lives. */
function nearest(homes) {
  const far = ({ distance_m: metres }) => (metres === null ? Infinity : metres);
  return [...homes].sort((one, other) => Math.sign(far(one) - far(other)) || 0).slice(0, FIRST_SEEN);
}

function byCounty(homes) {
  const counties = new Map();
  for (const home of homes) counties.set(home.county_name, [...(counties.get(home.county_name) || []), home]);
  return counties;
}

function nameCounty(map, county, homes) {
  const middle = (name) => homes.reduce((sum, home) => sum + home[name], 0) / homes.length;
  const icon = window.L.divIcon({ className: "map__mark", html: h("span.map__county", {}, county), iconSize: [0, 0] });
  const place = [middle("y"), middle("x")];
  window.L.marker(place, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
}

function layPictures(map, tiles, credit) {
  window.L.tileLayer(tiles).addTo(map);
  if (credit) map.getContainer().after(h("p.soft.small", {}, credit));
}

/** Homes whose marks would stand closer than a finger needs are one mark. */
function together(map, homes) {
  const groups = [];
  const beside = BESIDE_LETTERS * parseFloat(getComputedStyle(document.documentElement).fontSize);
  for (const home of homes) {
    const point = map.project(at(home));
    const near = groups.find((group) =>
      Math.abs(group.point.x - point.x) < beside && Math.abs(group.point.y - point.y) < ABOVE_PX);
    if (near) near.homes.push(home);
    else groups.push({ point, homes: [home] });
  }
  return groups.filter(({ homes: [first] }) => map.getBounds().contains(at(first)));
}

function mark(map, marks, { homes }, resident) {
  const element = homes.length === 1 ? homeMark(homes[0], resident) : groupMark(map, homes);
  const icon = window.L.divIcon({ className: "map__mark", html: element, iconSize: [0, 0] });
  window.L.marker(at(homes[0]), { icon, interactive: false, keyboard: false }).addTo(marks);
}

function homeMark(home, resident) {
  const known = home.beds.length > 0;
  const state = known && freeIn(home) > 0 ? "free" : known ? "full" : "unknown";
  const label = `${home.name}: ${freeBadge(home).textContent}`;
  const href = pathOf(`/care/homes/${home.id}`, { resident: resident.id });
  return h(`a.map__home.map__home--${state}`, { href, "aria-label": label }, known ? String(freeIn(home)) : "?");
}

function groupMark(map, homes) {
  const free = homes.reduce((sum, home) => sum + freeIn(home), 0);
  const label = t("{count} homes here, free beds: {free}. Come closer", { count: homes.length, free });
  const closer = () => approach(map, homes);
  return h("button.map__home.map__home--many", { type: "button", "aria-label": label, onclick: closer },
    t("{count} homes", { count: homes.length }));
}

function approach(map, homes) {
  const bounds = window.L.latLngBounds(homes.map(at));
  const zoom = Math.max(map.getBoundsZoom(bounds, false, window.L.point(96, 96)), map.getZoom() + 1);
  map.setView(bounds.getCenter(), zoom);
}

function at({ x, y }) {
  return [y, x];
}

// Places left, as words: open, full, past cut-off, closed, or not known without a network.

import { t } from "../../lib/i18n.js";
import { badge } from "../../lib/parts.js";
import { momentWords } from "../../lib/words.js";
import { MENU_DAYS } from "./sitting_of.js";

export function placesWords(state, sitting) {
  if (!state) return t("Book until {when}", { when: momentWords(sitting.cutoff_at) });
  if (state.state === "full") return t("Fully booked");
  if (state.state === "past_cutoff") return t("Booking closed {when}", { when: momentWords(sitting.cutoff_at) });
  if (state.state === "closed") return t("The canteen is closed");
  return t("Places left: {count}", { count: state.places_left });
}

/** The same words with a colour to help the eye: green while there are places. */
export function placesBadge(state, sitting) {
  const kind = { open: "good", full: "look" }[state && state.state] || "plain";
  return badge(placesWords(state, sitting), kind);
}

export function mayBook(state) {
  return !state || state.state === "open";
}

/** Why a sitting is closed, in the canteen's words. */
export function closedBecause(places, sitting) {
  const found = (places.closures || []).find((one) =>
    one.service_on === sitting.service_on && (!one.meal || one.meal === sitting.meal));
  return found ? found.reason : null;
}

/** {sitting_id: state}, and closures; empty when it cannot be asked now. */
export async function askPlaces(read, canteenId) {
  try {
    const places = await read(`/canteens/${canteenId}/places`, MENU_DAYS, { keep: false });
    const states = Object.fromEntries(places.items.map((item) => [item.sitting_id, item]));
    return Object.assign(states, { closures: places.closures });
  } catch (unknown) {
    return {};
  }
}

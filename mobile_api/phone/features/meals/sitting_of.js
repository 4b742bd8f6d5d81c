// Everything about one sitting, from the canteen's menu.

import { Problem } from "../../lib/problems.js";

/** From today on, as the server counts; without a day in it, the address is the same tomorrow. */
export const MENU_DAYS = { days: 7 };

export async function sittingOf(read, canteenId, sittingId) {
  const menu = await read(`/canteens/${canteenId}/menu`, MENU_DAYS);
  for (const day of menu.days) {
    const found = day.sittings.find((sitting) => String(sitting.id) === String(sittingId));
    if (found) return found;
  }
  throw new Problem(404, null);
}

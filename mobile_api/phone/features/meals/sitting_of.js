// Everything about one sitting, from the canteen's menu.

import { today } from "../../lib/clock.js";
import { Problem } from "../../lib/problems.js";

export async function sittingOf(read, canteenId, sittingId) {
  const menu = await read(`/canteens/${canteenId}/menu`, { from: today(), days: 7 });
  for (const day of menu.days) {
    const found = day.sittings.find((sitting) => String(sitting.id) === String(sittingId));
    if (found) return found;
  }
  throw new Problem(404, null);
}

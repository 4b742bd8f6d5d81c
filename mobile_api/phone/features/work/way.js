// The homes of a worker's day as a drawing, in the order of the clock.

import { t } from "../../lib/i18n.js";
import { drawWay } from "../../lib/way.js";

/** A drawing of the visits whose home is known; null where that is fewer than two. */
export function wayOf(visits) {
  return drawWay(visits, {
    title: t("The way of the day"),
    note: t("Drawn in straight lines, north is above."),
    said: (names) => t("The homes of the day in their order: {names}", { names }),
    metres: (count) => t("{count} m", { count }),
    kilometres: (count) => t("{count} km", { count }),
  });
}

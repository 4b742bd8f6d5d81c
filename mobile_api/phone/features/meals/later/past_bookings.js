// What was booked before today.

import { read as readNow } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { bigState, buttonLink, growingList } from "../../../lib/parts.js";
import { bookingRow } from "../booking_row.js";

const PAGE = { state: "past", limit: 20 };

export const pastBookings = {
  title: () => t("Earlier bookings"),
  parent: "/bookings",
  recalls: true,

  async load({ read }) {
    const [me, page] = await Promise.all([read("/me"), read("/bookings", PAGE)]);
    return { me, page };
  },

  view({ me, page }) {
    if (page.items.length === 0) {
      return { body: bigState("empty", [t("There is nothing here yet. Meals you have had will be listed here.")]) };
    }
    const rowOf = (booking) => bookingRow(booking, { withName: me.residents.length > 1 });
    const askNext = async (cursor) => (await readNow("/bookings", { ...PAGE, cursor })).body;
    const said = buttonLink(t("What I said of meals"), "/meal-voices", { kind: "quiet", iconName: "message" });
    return { body: [growingList(page, askNext, rowOf), said] };
  },
};

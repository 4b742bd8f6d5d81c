// What is booked for the days to come.

import { read as readNow } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, bigState, buttonLink, growingList } from "../../lib/parts.js";
import { bookingRow } from "./booking_row.js";
import { keepPagesOf } from "./kept_bookings.js";

const PAGE = { state: "upcoming", limit: 20 };

export const bookings = {
  title: () => t("My bookings"),
  parent: "/",
  recalls: true,

  async load({ read }) {
    const [me, page] = await Promise.all([read("/me"), read("/bookings", PAGE)]);
    keepPagesOf(page.items);
    return { me, page };
  },

  view({ me, page }) {
    const earlier = h("div.stack", {},
      buttonLink(t("Earlier bookings"), "/bookings/past", { kind: "quiet", iconName: "clock" }),
      buttonLink(t("My meal money"), "/wallets", { kind: "quiet", iconName: "money" }));
    if (page.items.length === 0) {
      return {
        body: [bigState("empty", [t("Nothing is booked for the days to come.")]), earlier],
        action: actionBar(buttonLink(t("Book a meal"), "/meals", { iconName: "meal" })),
      };
    }
    const rowOf = (booking) => bookingRow(booking, { withName: me.residents.length > 1 });
    const askNext = async (cursor) => (await readNow("/bookings", { ...PAGE, cursor })).body;
    return { body: [growingList(page, askNext, rowOf), earlier] };
  },
};

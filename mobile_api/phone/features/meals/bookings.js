// What is booked for the days to come.

import { read as readNow } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, bigState, buttonLink, growingList, list } from "../../lib/parts.js";
import { bookingRow } from "./booking_row.js";
import { keepPagesOf } from "./kept_bookings.js";
import { waitingRow } from "./waiting_row.js";

const PAGE = { state: "upcoming", limit: 20 };

export const bookings = {
  title: () => t("My bookings"),
  parent: "/",
  recalls: true,

  async load({ read }) {
    const [me, page, waiting] = await Promise.all([read("/me"), read("/bookings", PAGE), read("/meal-waiting")]);
    keepPagesOf(page.items);
    return { me, page, waiting: waiting.items };
  },

  view({ me, page, waiting }) {
    const earlier = h("div.stack", {},
      buttonLink(t("Every week"), "/meals/standing", { kind: "quiet", iconName: "meal" }),
      buttonLink(t("My meal money"), "/wallets", { kind: "quiet", iconName: "money" }),
      buttonLink(t("What I may not eat"), "/meals/needs", { kind: "quiet", iconName: "look" }),
      buttonLink(t("Earlier bookings"), "/bookings/past", { kind: "quiet", iconName: "clock" }));
    const lines = waiting.length > 0 && list(waiting.map(waitingRow));
    if (page.items.length === 0) {
      return {
        body: [lines, bigState("empty", [t("Nothing is booked for the days to come.")]), earlier].filter(Boolean),
        action: actionBar(buttonLink(t("Book a meal"), "/meals", { iconName: "meal" })),
      };
    }
    const rowOf = (booking) => bookingRow(booking, { withName: me.residents.length > 1 });
    const askNext = async (cursor) => (await readNow("/bookings", { ...PAGE, cursor })).body;
    return { body: [lines, growingList(page, askNext, rowOf), earlier].filter(Boolean) };
  },
};

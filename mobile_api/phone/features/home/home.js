// Home: the next meal's code first, then at most four things to do.

import { worker } from "../../lib/account.js";
import { h, picture } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { badge, buttonLink, callButton, linkRow, list } from "../../lib/parts.js";
import { pathOf } from "../../lib/router.js";
import { calendarDay, greeting } from "../../lib/words.js";
import { today } from "../../lib/clock.js";
import { keepPagesOf } from "../meals/kept_bookings.js";
import { mealCodeLink } from "../meals/meal_code.js";
import { askAnnouncements, unreadLine } from "../meals/notices.js";
import { waitingRow } from "../meals/waiting_row.js";

export const home = {
  title: () => greeting(),
  parent: null,
  recalls: true,

  async load({ read }) {
    if (worker()) return { isWorker: true };
    const [me, upcoming, lines, told] = await Promise.all([
      read("/me"),
      read("/bookings", { state: "upcoming", limit: 20 }),
      read("/meal-waiting"),
      askAnnouncements(read),
    ]);
    keepPagesOf(upcoming.items);
    const offers = lines.items.filter((one) => one.state === "offered");
    return { me, offers, told, waiting: upcoming.items.filter((booking) => booking.status === "booked") };
  },

  view({ me, waiting, offers, told, isWorker }) {
    if (isWorker) return { redirect: ["/work", {}] };
    if (me.is_notice_due) return { redirect: ["/agree", {}] };
    return {
      title: titleFor(me),
      body: [
        dayLine(me), written(me), offered(offers), nextMeal(me, waiting), announced(told), tiles(me),
        callButton(t("Need a person? Call"), hotline()),
      ],
    };
  },
};

/** By name, where it is sure who holds the phone. */
function titleFor(me) {
  const selves = me.residents.filter((resident) => resident.is_self);
  return selves.length === 1 ? t("{greeting}, {name}", { greeting: greeting(), name: selves[0].name }) : greeting();
}

function dayLine(me) {
  return h("p.home__day", {}, h("span.soft", {}, calendarDay(today())), me.is_demo && badge(t("Demo")));
}

/** Messages that were not opened yet. */
function written(me) {
  return me.unread_messages > 0 && list([linkRow({
    path: "/messages", lead: "message", title: t("My messages"),
    extra: badge(t("{count} new", { count: me.unread_messages })),
  })]);
}

/** What somebody waits for and may have now stands above everything: it is kept for a while only. */
function offered(offers) {
  return offers.length > 0 && list(offers.map(waitingRow));
}

/** One line while a canteen has said something that was not opened yet. */
function announced(told) {
  const line = unreadLine(told);
  return line && list([line]);
}

function nextMeal(me, waiting) {
  if (waiting.length === 0) return null;
  const [next, ...others] = waiting;
  return h("section.stack", { "aria-label": t("Your next meal") },
    mealCodeLink(next, { name: me.residents.length > 1 ? next.resident_name : null }),
    others.length > 0 && moreMeals(others.length));
}

function moreMeals(count) {
  return buttonLink(t("More meals booked: {count}", { count }), "/bookings", { kind: "quiet", iconName: "booking" });
}

function tiles(me) {
  const only = me.residents.length === 1 ? me.residents[0] : null;
  const meals = only ? pathOf("/meals/canteens", { resident: only.id }) : pathOf("/meals");
  return h("nav.tiles", { "aria-label": t("What would you like to do?") },
    tile(meals, "meals", t("Book a meal"), ".tile--go"),
    tile(pathOf("/bookings"), "bookings", t("My bookings")),
    tile(pathOf("/care"), "care", t("Find care")),
    tile(pathOf("/help"), "help", t("Help")));
}

function tile(href, pictureName, label, classes = "") {
  return h(`a.tile${classes}`, { href },
    picture(`pictures/${pictureName}`, "tile__picture"), h("span.tile__label", {}, label));
}

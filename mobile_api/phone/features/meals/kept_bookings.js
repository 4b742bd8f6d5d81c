// Bookings kept on the phone: what is learnt in one place holds in all, so that a code booked a
// minute ago is on the home screen without a network.

import * as seen from "../../lib/seen.js";

/** What a list said about a booking also holds for the page of that booking. */
export function keepPagesOf(bookings) {
  for (const booking of bookings) seen.keep(`/bookings/${booking.id}`, booking, null);
}

/** The answer to booking or cancelling, kept for its page and in the lists of what is to come. */
export function keepBooking(booking) {
  seen.keep(`/bookings/${booking.id}`, booking, null);
  seen.amend("/bookings?state=upcoming", (page) => ({ ...page, items: withBooking(page.items, booking) }));
}

function withBooking(items, booking) {
  const others = items.filter((item) => item.id !== booking.id);
  return [...others, booking].sort((one, other) => (whenOf(one) < whenOf(other) ? -1 : 1));
}

function whenOf(booking) {
  return `${booking.service_on} ${booking.serves_from} ${String(booking.id).padStart(20, "0")}`;
}

// One booking in a list.

import { t } from "../../lib/i18n.js";
import { linkRow } from "../../lib/parts.js";
import { calendarDay, hoursWords, mealOn, nearDay } from "../../lib/words.js";
import { statusBadge } from "./booking_words.js";

export function bookingRow(booking, { withName }) {
  return linkRow({
    path: `/bookings/${booking.id}`,
    lead: "meal",
    title: mealOn(booking),
    notes: [
      withName ? t("For {name}", { name: booking.resident_name }) : null,
      nearDay(booking.service_on) && calendarDay(booking.service_on),
      booking.canteen_name,
      hoursWords(booking.serves_from, booking.serves_until),
    ],
    extra: statusBadge(booking),
  });
}

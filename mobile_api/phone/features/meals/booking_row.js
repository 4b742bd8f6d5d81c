import { t } from "../../lib/i18n.js";
import { linkRow } from "../../lib/parts.js";
import { fullDay, hoursWords, mealWords } from "../../lib/words.js";
import { statusBadge } from "./booking_words.js";

export function bookingRow(booking, { withName }) {
  return linkRow({
    path: `/bookings/${booking.id}`,
    lead: "meal",
    title: `${fullDay(booking.service_on)} ${mealWords(booking.meal)}`,
    notes: [
      withName ? t("For {name}", { name: booking.resident_name }) : null,
      booking.canteen_name,
      hoursWords(booking.serves_from, booking.serves_until),
    ],
    extra: statusBadge(booking),
  });
}

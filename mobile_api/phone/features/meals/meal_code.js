// The ticket: day and meal, canteen, QR and six digits.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { pathOf } from "../../lib/router.js";
import { qrCode } from "../../lib/qr.js";
import { codeWords, hoursWords, mealOn } from "../../lib/words.js";

/** The ticket as a link to its page, for home. */
export function mealCodeLink(booking, { name = null } = {}) {
  return h("a.meal-code", { href: pathOf(`/bookings/${booking.id}`) }, inside(booking, name));
}

/** The ticket on a page of its own, large enough for any scanner. */
export function mealCodeLarge(booking, { name = null } = {}) {
  return h("section.meal-code.meal-code--large", { "aria-label": t("Meal code") }, inside(booking, name));
}

function inside(booking, name) {
  return [
    h("span.meal-code__band", {},
      h("span.meal-code__when", {}, mealOn(booking)),
      h("span.figures.together", {}, hoursWords(booking.serves_from, booking.serves_until))),
    h("span.meal-code__where", {}, name && h("span", {}, name, " · "), booking.canteen_name),
    booking.code && h("span.meal-code__code", {}, digits(booking), qr(booking)),
  ];
}

function digits(booking) {
  return h("span.meal-code__words", {}, h("span.meal-code__label", {}, t("Meal code")),
    h("span.meal-code__digits", { "aria-hidden": "true" }, codeWords(booking.code)),
    h("span.only-read", {}, booking.code.split("").join(" ")));
}

function qr(booking) {
  if (!booking.qr_modules) return null;
  return h("span.meal-code__qr", {}, qrCode(booking.qr_modules, t("QR code of your meal")));
}

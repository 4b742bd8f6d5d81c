// What became of a payment, in words, and the way to the page on which it is paid.

import { t } from "../../../lib/i18n.js";

export function topUpWords(state) {
  return {
    opened: t("Not paid yet"), waiting: t("Not paid yet"), paid: t("Paid"),
    refused: t("Not paid"), expired: t("Not paid in time"), returned: t("Given back"),
  }[state] || state;
}

/** Leaves the app for the page of the payment provider, and for nothing else than a page. */
export function leaveToPay(address) {
  const page = new URL(address, location.origin);
  if (page.protocol === "https:" || page.origin === location.origin) location.assign(page.href);
}

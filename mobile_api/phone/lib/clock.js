// The time in the city. Phones' clocks are often wrong, so the server's Date header corrects them.

const CITY_TIME_ZONE = "Asia/Shanghai";
let lead = 0; // how far the server is ahead of this phone, in milliseconds

export function learnTime(dateHeader) {
  const told = Date.parse(dateHeader || "");
  if (!Number.isNaN(told)) lead = told - Date.now();
}

export function now() {
  return new Date(Date.now() + lead);
}

export function today() {
  return dayOf(now());
}

/** The city's civil day of an instant, as "2026-11-22". */
export function dayOf(instant) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: CITY_TIME_ZONE, year: "numeric", month: "2-digit", day: "2-digit",
  }).formatToParts(instant);
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The hour and minute of an instant in the city, as "10:35". */
export function timeOf(instant) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: CITY_TIME_ZONE, hour: "2-digit", minute: "2-digit", hour12: false,
  }).format(instant);
}

export function daysBetween(earlier, later) {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / 86400000);
}

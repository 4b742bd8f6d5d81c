// Numbers, days and distances in the words of daily life.

import { dayOf, daysBetween, now, timeOf, today } from "./clock.js";
import { language, t } from "./i18n.js";

/** "8 元", "7.50 元": no zeros that an eye could take for hundreds. */
export function money(fen) {
  const yuan = Math.floor(Math.abs(fen) / 100);
  const rest = Math.abs(fen) % 100;
  const cents = rest ? `.${String(rest).padStart(2, "0")}` : "";
  return t("{amount} yuan", { amount: `${fen < 0 ? "−" : ""}${yuan}${cents}` });
}

/** "今天", "明天", "后天"; null for any other day. */
export function nearDay(day) {
  const names = [t("today"), t("tomorrow"), t("the day after tomorrow")];
  return names[daysBetween(today(), day)] || null;
}

/** "11月22日 星期日" */
export function calendarDay(day) {
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-CN", {
    timeZone: "UTC", month: "long", day: "numeric", weekday: "long",
  }).format(new Date(day)).replace("日星", "日 星");
}

/** "2027年11月22日", for days far off */
export function dayOfYear(day) {
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-CN", {
    timeZone: "UTC", year: "numeric", month: "long", day: "numeric",
  }).format(new Date(day));
}

export function dayWords(day) {
  return nearDay(day) || calendarDay(day);
}

/** "今天 11月22日 星期日", for a heading. */
export function fullDay(day) {
  const near = nearDay(day);
  return near ? capital(t("{near}, {date}", { near, date: calendarDay(day) })) : calendarDay(day);
}

/** "明天 午饭", of a sitting or a booking. */
export function mealOn({ service_on, meal }) {
  return capital(t("{day}, {meal}", { day: dayWords(service_on), meal: mealWords(meal) }));
}

/** "明天 11月23日 星期一 午饭" */
export function mealOnDate({ service_on, meal }) {
  return capital(t("{day}, {meal}", { day: fullDay(service_on), meal: mealWords(meal) }));
}

/** A sentence's first letter; Chinese has none to raise. */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function momentWords(iso) {
  const instant = new Date(iso);
  return `${dayWords(dayOf(instant))} ${timeOf(instant)}`;
}

export function mealWords(meal) {
  return { breakfast: t("breakfast"), lunch: t("lunch"), dinner: t("dinner") }[meal] || meal;
}

export function bookMealWords(meal) {
  const words = { breakfast: t("Book breakfast"), lunch: t("Book lunch"), dinner: t("Book dinner") };
  return words[meal] || t("Book this meal");
}

export function cancelMealWords(meal) {
  const words = { breakfast: t("Cancel breakfast"), lunch: t("Cancel lunch"), dinner: t("Cancel dinner") };
  return words[meal] || t("Cancel this meal");
}

export function hoursWords(from, until) {
  return `${from}–${until}`;
}

export function distanceWords(place) {
  const near = {
    usual: t("Your usual canteen"), same_village: t("In your village"), same_town: t("In your town"),
    same_county: t("In your county"), city: t("In this city"),
  }[place.nearness];
  const metres = place.distance_m;
  if (metres === null || metres === undefined) return near || "";
  const far = metres < 1000
    ? t("about {count} m", { count: Math.max(50, Math.round(metres / 50) * 50) })
    : t("about {count} km", { count: (metres / 1000).toFixed(1) });
  return place.nearness === "usual" ? `${near} · ${far}` : far;
}

/** An address without the city's own name, which everybody here knows. */
export function shortAddress(address, me) {
  const city = me.city ? me.city.name : "";
  return city && address.startsWith(city) ? address.slice(city.length) : address;
}

export function greeting() {
  const hour = Number(timeOf(now()).slice(0, 2));
  if (hour < 11) return t("Good morning");
  if (hour < 13) return t("Good day");
  return hour < 18 ? t("Good afternoon") : t("Good evening");
}

/** "482 913": two groups that can be read out. */
export function codeWords(code) {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

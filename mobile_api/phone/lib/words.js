// Numbers, days and distances in the words of daily life.

import { dayOf, daysBetween, now, timeOf, today } from "./clock.js";
import { language, t } from "./i18n.js";

export function money(fen) {
  const yuan = Math.floor(Math.abs(fen) / 100);
  const cents = String(Math.abs(fen) % 100).padStart(2, "0");
  return t("{amount} yuan", { amount: `${fen < 0 ? "−" : ""}${yuan}.${cents}` });
}

/** "今天", "明天", "后天"; null for any other day. */
export function nearDay(day) {
  const names = [t("Today"), t("Tomorrow"), t("The day after tomorrow")];
  return names[daysBetween(today(), day)] || null;
}

/** "11月22日 星期日" */
export function calendarDay(day) {
  return new Intl.DateTimeFormat(language(), {
    timeZone: "UTC", month: "long", day: "numeric", weekday: "long",
  }).format(new Date(day)).replace("日星", "日 星");
}

export function dayWords(day) {
  return nearDay(day) || calendarDay(day);
}

export function fullDay(day) {
  const near = nearDay(day);
  return near ? `${near} ${calendarDay(day)}` : calendarDay(day);
}

export function momentWords(iso) {
  const instant = new Date(iso);
  return `${dayWords(dayOf(instant))} ${timeOf(instant)}`;
}

export function mealWords(meal) {
  return { breakfast: t("breakfast"), lunch: t("lunch"), dinner: t("dinner") }[meal] || meal;
}

export function bookMealWords(meal) {
  return { breakfast: t("Book breakfast"), lunch: t("Book lunch"), dinner: t("Book dinner") }[meal] || t("Book this meal");
}

export function cancelMealWords(meal) {
  return { breakfast: t("Cancel breakfast"), lunch: t("Cancel lunch"), dinner: t("Cancel dinner") }[meal] || t("Cancel this meal");
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

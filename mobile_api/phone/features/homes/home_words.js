// Wishes, beds and states of homes in the words of daily life.

import { t } from "../../lib/i18n.js";
import { badge } from "../../lib/parts.js";
import { distanceWords, money } from "../../lib/words.js";

const WISHES = [
  "near", "division", "site_kind", "max_price_fen", "min_stars", "accepting", "free", "nursing", "inclusive",
];
export const SITE_KINDS = ["care_home", "township_home", "street_centre"];
export const PRICES = [150000, 250000, 400000];
export const STARS = [3, 4, 5];

/** Whom it is about: the one asked for, else the holder of the phone, else the first. */
export function personOf(me, id) {
  return me.residents.find((one) => String(one.id) === String(id))
    || me.residents.find((one) => one.is_self) || me.residents[0] || null;
}

/** The wishes among what an address says. */
export function wishesIn(query) {
  return Object.fromEntries(WISHES.filter((name) => query[name]).map((name) => [name, query[name]]));
}

export function wishWords(query, counties = []) {
  const county = counties.find(({ code }) => code === query.division);
  return [
    county
      ? county.name
      : { town: t("In your town"), county: t("In your county") }[query.near] || t("In the whole city"),
    query.site_kind && siteKindWords(query.site_kind),
    query.max_price_fen && t("up to {price}", { price: money(Number(query.max_price_fen)) }),
    query.min_stars && starsOrMore(query.min_stars),
    query.accepting && t("taking people in"),
    query.free && t("free now"),
    query.nursing && t("nursing beds"),
    query.inclusive && t("agreed prices"),
  ].filter(Boolean).join(" · ");
}

export function siteKindWords(kind) {
  return {
    care_home: t("Care home"), township_home: t("Township home"), street_centre: t("Street care centre"),
  }[kind] || kind;
}

/** "about 3.2 km from your town", else in which of the places around. */
export function farWords(home) {
  return home.distance_m === null || home.distance_m === undefined ? distanceWords(home)
    : t("{far} from your village", { far: distanceWords(home) });
}

export function starWords(stars) {
  return stars ? t("Rated {stars} of 5 stars", { stars }) : "";
}

export function starsOrMore(stars) {
  return Number(stars) === 5 ? t("5 stars") : t("{stars} stars or more", { stars });
}

/** "2600 to 4100 yuan", or one sum where both are the same. */
export function rangeWords(lowest, highest) {
  return highest > lowest ? t("{low} to {high}", { low: money(lowest), high: money(highest) }) : money(lowest);
}

/** Whether one can come, and whether at once: null where only a call can tell. */
export function acceptingWords(home) {
  if (home.is_accepting === null || home.is_accepting === undefined) return t("Please call to ask");
  if (!home.is_accepting) return t("No, nobody at present");
  return freeIn(home) > 0 ? t("Yes, beds are free") : t("Yes, but you have to queue");
}

export function priceWords(item) {
  return {
    bed: t("Bed, a month"), nursing: t("Nursing, a month"), meals: t("Meals, a month"), deposit: t("Deposit, once"),
  }[item] || item;
}

export function serviceWords(service) {
  return {
    full_care: t("Living there"), day_care: t("Care by day"), respite: t("Short stays"),
    medical: t("With medical care"), rehabilitation: t("Rehabilitation"), dementia: t("Care with dementia"),
    hospice: t("Care at the end of life"), meals: t("Meals served"), bathing: t("Help with bathing"),
    home_visits: t("Visits at home"), care_insurance: t("Long-term care insurance pays here"),
  }[service] || service;
}

export function freeBadge(home) {
  if (home.beds.length === 0) return badge(t("Call to ask about beds"), "look");
  const free = freeIn(home);
  return free > 0 ? badge(t("Free beds now: {count}", { count: free }), "good")
    : badge(t("No bed is free now, you can queue"), "look");
}

export function freeIn(home) {
  return home.beds.reduce((sum, one) => sum + one.free, 0);
}

export function bedWords(kind) {
  return {
    institution: t("Bed in a home"), medical: t("Medical bed"), home_care: t("Care bed at home"),
    home_sickbed: t("Sickbed at home"), hospice: t("Hospice bed"),
  }[kind] || kind;
}

export function partWords(part) {
  return part === "morning" ? t("in the morning") : t("in the afternoon");
}

export function visitState(visit) {
  return {
    asked: t("The home has not answered yet"), confirmed: t("The home expects you"),
    declined: t("That does not suit the home"), done: t("You were there"), cancelled: t("Called off"),
  }[visit.state] || visit.state;
}

export function applicationState(one) {
  if (one.offer) return t("A bed is free for you");
  if (one.place) return t("You are number {place}", { place: one.place });
  return {
    accepted: t("A bed is held for you"), left: t("You have left the queue"),
    removed: t("The home took you off the list"),
  }[one.state] || one.state;
}

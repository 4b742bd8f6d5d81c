// How a meal is wished: its diet, and how it gets to the eater.

import { t } from "../../lib/i18n.js";

export const DIETS = ["normal", "soft", "semi_liquid", "low_salt", "low_sugar", "low_fat", "vegetarian", "halal"];

export function dietWords(diet) {
  return {
    normal: t("As for everybody"), soft: t("Soft"), semi_liquid: t("Half liquid"), low_salt: t("Little salt"),
    low_sugar: t("Little sugar"), low_fat: t("Little fat"), vegetarian: t("Vegetarian"), halal: t("Halal"),
  }[diet] || diet;
}

export function handingWords(handing) {
  return handing === "delivery" ? t("Brought to your home") : t("You come to the canteen");
}

/** What the hours of a meal mean: when to come, or when it is brought. */
export function hoursLabel({ handing }) {
  return handing === "delivery" ? t("Brought between") : t("Come between");
}

/** Cooked otherwise than for everybody, or brought; what a phone kept of old says neither. */
export function isUnusual({ diet = "normal", handing = "at_canteen" }) {
  return diet !== "normal" || handing !== "at_canteen";
}

/** What the address says of the wish; nothing said is the resident's own usual. */
export function wishOf(query, usualDiet = "normal") {
  return { diet: query.diet || usualDiet, handing: query.handing || "at_canteen" };
}

// Words of diets and meals.

import { t } from "../lib/i18n.js";

export function dietWords(diet) {
  return {
    soft: t("Soft food"), semi_liquid: t("Semi-liquid"), low_salt: t("Low salt"), low_sugar: t("Low sugar"),
    low_fat: t("Low fat"), vegetarian: t("Vegetarian"), halal: t("Halal"),
  }[diet] || t("Normal diet");
}

/** "不能吃：花生、鸡蛋", or nothing. */
export function mayNotEat(diner) {
  const harm = (diner && diner.allergens) || [];
  return harm.length ? t("May not eat: {what}", { what: harm.map(allergenWords).join(t(", ")) }) : null;
}

function allergenWords(allergen) {
  return {
    wheat: t("wheat"), shellfish: t("shrimp or crab"), fish: t("fish"), egg: t("egg"), peanut: t("peanut"),
    soy: t("soy"), milk: t("milk"), nuts: t("nuts"), sesame: t("sesame"), gluten: t("gluten"),
  }[allergen] || allergen;
}

export function mealWords(meal) {
  return { breakfast: t("Breakfast"), lunch: t("Lunch"), dinner: t("Dinner") }[meal] || meal;
}

export function money(fen) {
  const rest = fen % 100;
  return t("{amount} yuan", { amount: `${Math.floor(fen / 100)}${rest ? `.${String(rest).padStart(2, "0")}` : ""}` });
}

/** "3 分钟前", for the age of a list or of what waits. */
export function ageWords(since, now) {
  const minutes = Math.max(0, Math.round((now - since) / 60000));
  if (minutes < 1) return t("just now");
  return minutes < 60 ? t("{count} minutes ago", { count: minutes }) : t("{count} hours ago", { count: Math.floor(minutes / 60) });
}

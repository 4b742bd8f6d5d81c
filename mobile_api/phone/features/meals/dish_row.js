// One dish: picture, name, what it suits and what it holds.

import { h, icon } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { stillRow } from "../../lib/parts.js";

const DRAWN = ["rice", "vegetable", "meat", "fish", "soup", "egg", "tofu", "noodle", "bun", "fruit"];

export function dishRow(dish) {
  const marks = [...dish.diets.filter((diet) => diet !== "normal").map(dietMark), ...dish.allergens.map(allergenMark)];
  return stillRow({
    dashed: false,
    lead: dishPicture(dish),
    title: dish.name,
    extra: marks.length ? h("span.marks", {}, marks) : null,
  });
}

function dishPicture(dish) {
  const drawn = `/design/dishes/${DRAWN.includes(dish.picture) ? dish.picture : "rice"}.svg`;
  const alt = dish.photo_url ? t("Photo of {dish}", { dish: dish.name }) : "";
  const image = h("img.list__picture", { loading: "lazy", src: dish.photo_url || drawn, alt, width: 88, height: 88 });
  image.addEventListener("error", () => { image.src = drawn; image.alt = ""; }, { once: true });
  return image;
}

function dietMark(diet) {
  return h("span.mark", {}, icon("leaf"), dietWords(diet));
}

function allergenMark(allergen) {
  return h("span.mark.mark--allergen", {}, icon("look"), t("Contains {what}", { what: allergenWords(allergen) }));
}

function dietWords(diet) {
  return {
    low_salt: t("Low salt"), low_sugar: t("Low sugar"), low_fat: t("Low fat"), soft: t("Soft"),
    semi_liquid: t("Half liquid"),
    vegetarian: t("Vegetarian"), halal: t("Halal"),
  }[diet] || diet;
}

export function allergenWords(allergen) {
  return {
    soy: t("soy"), egg: t("egg"), milk: t("milk"), wheat: t("wheat"), gluten: t("gluten"), peanut: t("peanut"),
    nuts: t("nuts"), nut: t("nuts"), tree_nut: t("nuts"), fish: t("fish"), shellfish: t("shrimp or crab"),
    crustacean: t("shrimp or crab"), sesame: t("sesame"), seafood: t("shrimp or crab"),
  }[allergen] || allergen;
}

// What does not suit the eater on this menu, said before the meal is booked.

import { t } from "../../lib/i18n.js";
import { notice } from "../../lib/parts.js";
import { dietWords } from "./wish_words.js";

/** A frame with the dishes that harm or displease, and a diet that no dish is marked for; or nothing. */
export function clashNotice(quote, sitting, wish) {
  const names = (dishes) => dishes.join(t(", "));
  const disliked = { dishes: names(quote.disliked_dishes) };
  const diet = dietWords(wish.diet);
  const lines = [
    disliked.dishes && t("You would rather not eat: {dishes}", disliked),
    isUnserved(sitting, wish.diet) && t("No dish is marked “{diet}”. Please ask the canteen.", { diet }),
  ].filter(Boolean);
  if (quote.harmful_dishes.length > 0) {
    const title = t("You may not eat: {dishes}", { dishes: names(quote.harmful_dishes) });
    const calm = t("The kitchen is warned. You can book the meal and leave this dish out.");
    return notice("danger", title, calm, ...lines);
  }
  return lines.length > 0 ? notice("look", lines[0], ...lines.slice(1)) : null;
}

function isUnserved({ dishes }, diet) {
  return diet !== "normal" && dishes.length > 0 && !dishes.some((dish) => dish.diets.includes(diet));
}

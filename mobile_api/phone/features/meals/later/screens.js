// The screens of what is said of meals, for routes.js.

export { mealComplaint } from "./meal_complaint.js";
export { mealNotSolved, mealVoices } from "./meal_voices.js";
export { rateMeal } from "./rate_meal.js";

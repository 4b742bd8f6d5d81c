// The screens of homes that are made safe, for routes.js.

export { applyForRenovation } from "./apply_for_renovation.js";
export { declineRenovation } from "./decline_renovation.js";
export { renovation } from "./renovation.js";
export { renovations } from "./renovations.js";
export { withdrawRenovation } from "./withdraw_renovation.js";

// The screens of care beds at home, for routes.js.

export { applyForHomeBed } from "./apply_for_home_bed.js";
export { homeBed } from "./home_bed.js";
export { homeBeds } from "./home_beds.js";
export { withdrawHomeBed } from "./withdraw_home_bed.js";

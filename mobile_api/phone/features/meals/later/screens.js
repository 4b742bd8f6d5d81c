// The screens of standing orders, waiting and the way a meal is wished, for routes.js.

export { endStanding } from "./end_standing.js";
export { how } from "./how.js";
export { newStanding } from "./new_standing.js";
export { pauseStanding } from "./pause_standing.js";
export { standing } from "./standing.js";
export { standingDays } from "./standing_days.js";
export { standingList } from "./standing_list.js";
export { standingSure } from "./standing_sure.js";
export { waiting } from "./waiting.js";

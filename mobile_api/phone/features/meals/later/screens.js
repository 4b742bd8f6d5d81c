// Standing orders, waiting, money at canteens, and what is said of meals, for routes.js.

export { cancelBooking } from "./cancel_booking.js";
export { endStanding } from "./end_standing.js";
export { how } from "./how.js";
export { newStanding } from "./new_standing.js";
export { pastBookings } from "./past_bookings.js";
export { pauseStanding } from "./pause_standing.js";
export { standing } from "./standing.js";
export { standingDays } from "./standing_days.js";
export { standingList } from "./standing_list.js";
export { standingSure } from "./standing_sure.js";
export { waiting } from "./waiting.js";
export { askRefund } from "./ask_refund.js";
export { subsidy } from "./subsidy.js";
export { wallet } from "./wallet.js";
export { wallets } from "./wallets.js";
export { mealComplaint } from "./meal_complaint.js";
export { mealNotSolved, mealVoices } from "./meal_voices.js";
export { rateMeal } from "./rate_meal.js";
export { topUp } from "./top_up.js";
export { topUpState } from "./top_up_state.js";
export { topUps } from "./top_ups.js";
export { missed } from "./missed.js";
export { needs } from "./needs.js";
export { announcements } from "./announcements.js";

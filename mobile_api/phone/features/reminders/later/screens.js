// A caregiver's reminders, for routes.js.

export { reminders } from "./reminders.js";

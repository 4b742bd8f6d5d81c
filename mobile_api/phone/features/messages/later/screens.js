// The screens of messages, for routes.js.

export { message } from "./message.js";
export { messages } from "./messages.js";
export { messageWishes } from "./wishes.js";

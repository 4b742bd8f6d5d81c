// What was said of visits, and what became of it, for routes.js.

export { notSolved, saidWish } from "./said.js";

// Helpers and the ability level, for routes.js.

export { ability } from "./ability.js";
export { dismissHelper } from "./dismiss_helper.js";
export { showCode, typeCode } from "./helper_code.js";
export { nameHelper } from "./name_helper.js";

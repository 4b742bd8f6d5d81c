// The screens of money at canteens, for routes.js.

export { askRefund } from "./ask_refund.js";
export { subsidy } from "./subsidy.js";
export { wallet } from "./wallet.js";
export { wallets } from "./wallets.js";

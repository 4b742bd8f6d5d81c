// The screens of one's own data, for routes.js.

export { closeAccount, closeAccountSure } from "./close_account.js";
export { myData } from "./my_data.js";

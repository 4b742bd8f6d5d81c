// The screens of vouchers and orders of service at home, for routes.js.

export { applyForVoucher } from "./apply_for_voucher.js";
export { cancelOrder } from "./cancel_order.js";
export { order } from "./order.js";
export { orderServices } from "./order_services.js";
export { orderSure } from "./order_sure.js";
export { orderWhen } from "./order_when.js";
export { orders } from "./orders.js";
export { vouchers } from "./vouchers.js";

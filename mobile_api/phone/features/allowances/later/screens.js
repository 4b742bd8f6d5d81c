// The screens of a caregiver's own allowances, for routes.js.

export { allowance } from "./allowance.js";
export { allowanceClaim } from "./allowance_claim.js";
export { allowances } from "./allowances.js";
export { claimAllowance } from "./claim_allowance.js";
export { yearOfAllowances } from "./year_of_allowances.js";

// The screens of one's own subsidies, for routes.js.

export { claimPaper } from "./claim_paper.js";
export { newSubsidyClaim } from "./new_subsidy_claim.js";
export { objectToLine } from "./object_to_line.js";
export { oneOwed, owedBack } from "./owed.js";
export { subsidies } from "./subsidies.js";
export { subsidyClaim } from "./subsidy_claim.js";
export { subsidyLine } from "./subsidy_line.js";

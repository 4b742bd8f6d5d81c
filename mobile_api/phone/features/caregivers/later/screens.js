// A caregiver's own pages, for routes.js.

export { attendance } from "./attendance.js";
export { certificate } from "./certificate.js";
export { certificates } from "./certificates.js";
export { education } from "./education.js";
export { employment } from "./employment.js";
export { caregiverHome } from "./home.js";
export { linkCaregiver } from "./link.js";
export { sendProof } from "./send_proof.js";

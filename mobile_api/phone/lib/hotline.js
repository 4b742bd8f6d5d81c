// The number where a person answers: the city's hotline once known, the national one before.

import * as seen from "./seen.js";

const NATIONAL_HOTLINE = "12345";

export function hotline() {
  const me = seen.find("/me");
  return (me && me.body.hotline) || NATIONAL_HOTLINE;
}

// To a home: the way there by whatever map the phone has, and a call before ringing.

import { h, icon } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { callButton } from "../../lib/parts.js";

/** Big buttons for what is known of a home: its place, its telephone. */
export function waysTo(visit) {
  const there = visit.x === null || visit.x === undefined ? null : h("a.button.button--quiet.button--wide",
    { href: `geo:${visit.y},${visit.x}?q=${visit.y},${visit.x}` }, icon("place"), t("Navigate"));
  return [there, visit.phone && callButton(t("Call"), visit.phone)].filter(Boolean);
}

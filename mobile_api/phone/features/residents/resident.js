// The person a screen is about, among those this account acts for.

import { h, icon } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";

export function residentOf(me, id) {
  return me.residents.find((resident) => String(resident.id) === String(id)) || null;
}

/** "给王秀英订", shown only to those who act for several people. */
export function forWhom(me, id) {
  const resident = residentOf(me, id);
  if (!resident || me.residents.length < 2) return null;
  return h("p.for-whom", {}, icon("person"), h("span", {}, t("For {name}", { name: resident.name })));
}

/** The elder herself: the one asked for among those who signed in by this phone, else the first. */
export function ownResident(me, id) {
  const own = me.residents.filter((resident) => resident.is_self);
  return own.find((resident) => String(resident.id) === String(id)) || own[0] || null;
}

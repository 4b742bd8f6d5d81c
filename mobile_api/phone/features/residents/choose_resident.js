// For whom is the meal? Asked only of those who act for several people.

import { t } from "../../lib/i18n.js";
import { bigState, callButton, linkRow, list } from "../../lib/parts.js";
import { hotline } from "../../lib/hotline.js";

export const chooseResident = {
  title: () => t("Who is the meal for?"),
  parent: "/",
  load: ({ read }) => read("/me"),

  view(me) {
    if (me.residents.length === 0) return { body: noResident() };
    if (me.residents.length === 1) return { redirect: ["/meals/canteens", { resident: me.residents[0].id }] };
    const sharePhone = me.residents.filter((resident) => resident.is_self).length > 1;
    return { body: list(me.residents.map((resident) => residentRow(resident, sharePhone))) };
  },
};

function residentRow(resident, sharePhone) {
  const relation = resident.is_self ? t("Myself") : t("I look after this person");
  const age = t("{age} years old", { age: resident.age });
  return linkRow({
    path: "/meals/canteens",
    query: { resident: resident.id },
    lead: "person",
    title: resident.name,
    notes: [sharePhone ? age : `${relation} · ${age}`, resident.village_name],
  });
}

function noResident() {
  return bigState(
    "empty",
    [t("This phone number is not yet connected to an elder. Your community office can do it, or call us.")],
    [callButton(t("Call us:"), hotline())],
  );
}

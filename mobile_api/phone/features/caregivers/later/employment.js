// Where I work and worked, and on which contracts.

import { h } from "../../../lib/dom.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { bigState, callButton, facts } from "../../../lib/parts.js";
import { dayOfYear } from "../../../lib/words.js";
import { postWords } from "./caregiver_words.js";

export const employment = {
  title: () => t("Where I work"),
  parent: "/caregiver",
  load: ({ read }) => read("/caregiver"),

  view(file) {
    const call = callButton(t("Call my employer"), file.keeper_phone || hotline());
    if (file.employments.length === 0) {
      return { body: [bigState("empty", [t("No employment is in your file yet.")]), call] };
    }
    return { body: [
      ...file.employments.map(card),
      h("section.card", { "aria-label": t("Account") }, facts([
        ["money", t("Account"), file.payee_last
          ? t("{bank}, ends with {last}", { bank: file.payee_bank || t("Bank"), last: file.payee_last })
          : t("none yet")],
      ])),
      h("p.soft", {}, t("Is something wrong here? Your employer can put it right.")),
      call,
    ] };
  },
};

function card(one) {
  return h("section.card", { "aria-label": one.site_name }, h("h2", {}, one.site_name), facts([
    ["care", t("Work"), `${postWords(one.post)} · ${one.is_full_time ? t("full time") : t("part time")}`],
    ["clock", t("Working since"), dayOfYear(one.starts_on)],
    one.last_day && ["leave", t("Until"), dayOfYear(one.last_day)],
    ["booking", t("Contract"), contractWords(one.contracts)],
  ]));
}

function contractWords([latest]) {
  if (!latest) return t("none yet");
  if (!latest.last_day) return t("from {day}, no fixed term", { day: dayOfYear(latest.starts_on) });
  return t("from {day} until {last}", { day: dayOfYear(latest.starts_on), last: dayOfYear(latest.last_day) });
}

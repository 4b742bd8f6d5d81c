// Stages and ends of a care bed at home in the words of daily life.

import { t } from "../../../lib/i18n.js";

export function stateWords(state) {
  return {
    applied: t("Application received"), precheck: t("The community looks at it"),
    assessment: t("Somebody comes to assess"), notice: t("Published in the community"),
    signing: t("Signing the agreement"), building: t("Installing the devices"),
    acceptance: t("Two people check the work"), serving: t("Being served"),
    paused: t("Paused"), ended: t("Over"),
  }[state] || state;
}

/** What comes next, in one sentence. */
export function nextWords(state) {
  return {
    applied: t("The community will look at your application. You need do nothing now."),
    precheck: t("When the papers are in order, somebody comes to see what help you need."),
    assessment: t("Somebody comes to your home to assess. Please keep your phone on."),
    notice: t("Your family name stands on the community's board for a few days. Then you sign."),
    signing: t("The provider calls you and brings the agreement."),
    building: t("The provider comes to install the devices."),
    acceptance: t("Two people come to see whether everything works."),
    serving: t("Care comes to your home. Call the provider when something is wrong."),
    paused: t("Nobody comes at present. Call the provider to go on."),
  }[state] || "";
}

export function endWords(one) {
  return {
    moved_away: t("You have moved away."), into_a_home: t("You live in a care home now."),
    no_service: t("Nobody came for a long time."), contract_ended: t("The agreement is over."),
    recovered: t("You need this care no longer."), withdrawn: t("You took it back."),
    refused: t("It could not be granted."),
  }[one.end_reason] || t("It is over.");
}

export function badgeKind(state) {
  return state === "serving" ? "good" : "look";
}

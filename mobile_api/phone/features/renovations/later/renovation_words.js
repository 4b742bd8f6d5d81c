// Stages, rooms and ends of a renovation in the words of daily life.

import { t } from "../../../lib/i18n.js";

export function stateWords(state) {
  return {
    applied: t("Application received"), survey: t("Somebody comes to look"), quoting: t("The price is being reckoned"),
    consent: t("Your yes or no"), building: t("Work in your home"), acceptance: t("Two people check the work"),
    settled: t("All done"), ended: t("Over"),
  }[state] || state;
}

/** What comes next, in one sentence. */
export function nextWords(state) {
  return {
    applied: t("The community will look at your application. You need do nothing now."),
    survey: t("Somebody comes to your home to see what is hard for you. Please keep your phone on."),
    quoting: t("The contractor reckons what it costs. You will see it before anything is built."),
    consent: t("Please look at the price. Nothing is built before you say yes."),
    building: t("The contractor comes to build. Call when something is wrong."),
    acceptance: t("Two people come to see whether everything is good."),
    settled: t("Your home has been made safe. How is it?"),
  }[state] || "";
}

export function roomWords(room) {
  return {
    entrance: t("Entrance"), living_room: t("Living room"), bedroom: t("Bedroom"), toilet: t("Bathroom"),
    kitchen: t("Kitchen"), balcony: t("Balcony"), stairs: t("Stairs"),
  }[room] || room;
}

export function endWords(one) {
  return {
    moved_away: t("You have moved away."), withdrawn: t("You took it back."), refused: t("It could not be granted."),
  }[one.end_reason] || t("It is over.");
}

export function badgeKind(state) {
  return state === "settled" ? "good" : "look";
}

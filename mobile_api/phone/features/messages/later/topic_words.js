// What a message is about, in words and as an icon.

import { t } from "../../../lib/i18n.js";

export function topicWords(topic) {
  return {
    security: t("My account"),
    money: t("Money"),
    alarms: t("Calls for help"),
    meals: t("Meals"),
    care: t("Care at home"),
    beds: t("A place in a home"),
    work: t("Work"),
    training: t("Courses"),
    reminders: t("Reminders"),
  }[topic];
}

export function topicIcon(topic) {
  const icons = {
    security: "privacy", money: "money", alarms: "danger", meals: "meal", beds: "bed",
    training: "booking", reminders: "clock",
  };
  return icons[topic] || "care";
}

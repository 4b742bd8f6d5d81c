// Calls for help in the words of daily life: what it was, who came, and after how long.

import { t } from "../../../lib/i18n.js";

export function alarmWords(kind) {
  return {
    sos: t("Emergency call"), fall: t("Perhaps a fall"),
    smoke_gas: t("Smoke or gas"), vital_sign: t("Vital signs out of range"),
  }[kind] || kind;
}

/** Who had it in hand, and after how long; or that somebody is being called. */
export function answerWords(call) {
  if (call.waited_seconds === null) return t("Your contacts are being called.");
  const minutes = Math.floor(call.waited_seconds / 60);
  const facts = { name: call.answered_by || "", minutes, seconds: call.waited_seconds % 60 };
  return minutes > 0
    ? t("{name} answered after {minutes} minutes {seconds} seconds", facts)
    : t("{name} answered after {seconds} seconds", facts);
}

export function outcomeWords(outcome) {
  return {
    false_alarm: t("It was a false alarm."), helped: t("Somebody came and helped."),
    called_120: t("120 was called."),
  }[outcome] || "";
}

// A text that is agreed to: its words, and the whole of it to unfold.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";

export function prose(text) {
  return h("div.prose", {}, text.body.split("\n").map((line) => h("p", {}, line)));
}

export function wholeText(text) {
  return h("details.fold", {}, h("summary.fold__head", {}, t("Read all of it")), prose(text));
}

export function addressOf(item) {
  return { path: `/help/consents/${item.purpose}`, query: item.resident_id ? { resident: item.resident_id } : {} };
}

// What a canteen or its county announces: shown until it was read once on this phone.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { phone } from "../../lib/keep.js";
import { button, notice } from "../../lib/parts.js";

const KEY = "yinling.notices-read";
const MOST_KEPT = 100;

function readOnes() {
  return JSON.parse(phone.get(KEY) || "[]");
}

/** One frame for each announcement that was not read yet. */
export function unreadNotices(items) {
  const known = readOnes();
  return items.filter((one) => !known.includes(one.id)).map(frame);
}

function frame(one) {
  const read = button(t("I have read it"), { kind: "quiet", iconName: "check" });
  const shown = h("section.stack", {}, notice("info", one.title, h("p", {}, one.words)), read);
  read.addEventListener("click", () => {
    phone.set(KEY, JSON.stringify([...readOnes(), one.id].slice(-MOST_KEPT)));
    shown.replaceChildren(h("p.soft", { role: "status" }, t("Noted. It is not shown again.")));
  });
  return shown;
}

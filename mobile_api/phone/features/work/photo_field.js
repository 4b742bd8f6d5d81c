// Taking a photo of the work when leaving: the phone's own camera, and what was taken, small.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { notice } from "../../lib/parts.js";
import { shrunk } from "../../lib/shrink.js";
import * as photos from "./photos.js";

/** {element, taken()}: `taken()` is the picture as a data address, or null. */
export function photoField(visit) {
  let picture = visit.taken;
  const input = h("input.only-read", { id: "visit-photo", type: "file", accept: "image/*", capture: "environment" });
  const words = h("span", {});
  const label = h("label.button.button--quiet.button--wide.work-photo", { for: "visit-photo" }, words);
  const shown = h("div.work-photo__shown", { role: "status" });
  const show = () => {
    words.textContent = picture ? t("Take another photo") : t("Take a photo");
    shown.replaceChildren(...(picture ? [h("img", { src: picture, alt: t("The photo you took") })] : []));
  };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      picture = await shrunk(file);
      show();
      await photos.draft(visit, picture);
    } catch (unreadable) {
      shown.replaceChildren(notice("danger", t("This picture cannot be read. Please take it again.")));
    }
  });
  show();
  const element = h("section.stack", {}, h("h2", {}, t("A photo of the work")),
    h("p", {}, t("Please photograph the room or the work, and no people.")), input, label, shown);
  return { element, taken: () => picture };
}

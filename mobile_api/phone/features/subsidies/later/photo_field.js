// Taking a photo of a paper. What was taken and not sent stays, over Back, a reload and a lost network.

import { h } from "../../../lib/dom.js";
import { draft, setDraft } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { notice } from "../../../lib/parts.js";
import { shrunk } from "../../../lib/shrink.js";

/** The field's elements; `onChosen(picture)` is given a data address, at once where one was kept. */
export function photoField(id, draftName, onChosen) {
  const input = h("input.only-read", { id, type: "file", accept: "image/*" });
  const words = h("span", {}, t("Take or choose a photo"));
  const shown = h("div.work-photo__shown", { role: "status" });
  const show = (picture) => {
    shown.replaceChildren(h("img", { src: picture, alt: t("The photo you took") }),
      h("p", {}, t("It is not sent yet. Is every letter to be read?")));
    words.textContent = t("Take another photo");
    onChosen(picture);
  };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      const picture = await shrunk(file);
      setDraft(draftName, picture);
      show(picture);
    } catch (unreadable) {
      shown.replaceChildren(notice("danger", t("This is no photo that can be opened here."),
        t("Please take a photo of the paper with the camera, or ask for help at the window.")));
    }
  });
  const kept = draft(draftName);
  if (kept) show(kept);
  return [input, h("label.button.button--quiet.button--wide.work-photo", { for: id }, words), shown];
}

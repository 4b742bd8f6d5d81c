// A photo of a certificate or a diploma, for the employer to confirm.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { shrunk } from "../../../lib/shrink.js";
import { proofWords } from "./caregiver_words.js";

export const sendProof = {
  title: () => t("Send a photo"),
  parent: "/caregiver",

  view(_, { query, perform }) {
    const kind = query.kind === "education" ? "education" : "certificate";
    let picture = null;
    const input = h("input.only-read", { id: "proof", type: "file", accept: "image/*" });
    const words = h("span", {}, t("Take or choose a photo"));
    const label = h("label.button.button--quiet.button--wide.work-photo", { for: "proof" }, words);
    const shown = h("div.work-photo__shown", { role: "status" });
    const send = button(t("Send it to my employer"));
    send.disabled = true;
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      try {
        picture = await shrunk(file);
        shown.replaceChildren(h("img", { src: picture, alt: t("The photo you took") }));
        words.textContent = t("Take another photo");
        send.disabled = false;
      } catch (unreadable) {
        shown.replaceChildren(notice("danger", t("This picture cannot be read. Please take it again.")));
      }
    });
    send.addEventListener("click", () => perform(send, async () => {
      const wish = { kind, picture: picture.slice(-64) };
      await act("POST", "/caregiver/proofs", { kind, picture: picture.split(",")[1] }, { wish });
      sayNext(t("Sent. Your employer looks at it."));
      go("/caregiver", {}, { replace: true });
    }));
    return {
      body: [
        h("p", {}, t("All of the paper, in good light, so that every letter can be read.")),
        h("section.stack", {}, h("h2", {}, proofWords(kind)), input, label, shown),
      ],
      action: actionBar(send),
    };
  },
};

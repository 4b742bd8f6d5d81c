// A photo of a certificate or a diploma, for the employer to confirm.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { photoField } from "../../subsidies/later/photo_field.js";
import { proofWords } from "./caregiver_words.js";

export const sendProof = {
  title: () => t("Send a photo"),
  parent: "/caregiver",

  view(_, { query, perform }) {
    const kind = query.kind === "education" ? "education" : "certificate";
    const send = button(t("Send it to my employer"));
    const bar = actionBar(send);
    bar.hidden = true;
    const photo = photoField("proof", `proof-${kind}`, (picture) => {
      bar.hidden = false;
      send.onclick = () => perform(send, () => sendPicture(kind, picture));
    });
    return {
      body: [
        h("p", {}, t("All of the paper, in good light, so that every letter can be read.")),
        h("section.stack", {}, h("h2", {}, proofWords(kind)), photo),
      ],
      action: bar,
    };
  },
};

async function sendPicture(kind, picture) {
  const wish = { kind, picture: picture.slice(-64) };
  await act("POST", "/caregiver/proofs", { kind, picture: picture.split(",")[1] }, { wish });
  dropDraft(`proof-${kind}`);
  sayNext(t("Sent. Your employer looks at it."));
  go("/caregiver", {}, { replace: true });
}

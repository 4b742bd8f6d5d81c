// A photo of a paper that a claim asks for: taken, looked at, sent, looked at again, taken away.

import { act, read as readNow } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { photoField } from "./photo_field.js";
import { HOME, section } from "./subsidy_words.js";

export const claimPaper = {
  title: () => t("A photo of a paper"),
  parent: HOME,

  load: ({ read, params }) => read(`/subsidy-claims/${params.claim}`),

  view(claim, { query, perform }) {
    const one = claim.papers.find((each) => each.evidence === query.evidence);
    if (!one) return { body: bigState("empty", [t("This paper is not asked for.")]) };
    const send = button(t("Send this photo"));
    const bar = actionBar(send);
    bar.hidden = true;
    const photo = photoField("paper", draftName(claim, one), (picture) => {
      bar.hidden = false;
      send.onclick = () => perform(send, () => sendPaper(claim, one, picture));
    });
    return {
      body: [
        claim.can_fill && h("p", {}, t("All of the paper, in good light, so that every letter can be read.")),
        section(one.name, claim.can_fill && photo),
        one.paper_ids.length > 0 && section(t("Sent already"),
          one.paper_ids.map((id, place) => sent(claim, id, place, perform))),
      ].filter(Boolean),
      action: claim.can_fill ? bar : undefined,
    };
  },
};

/** One that is there: shown, and while the claim is being filled it can be taken away. */
function sent(claim, id, place, perform) {
  const words = t("Photo {number}", { number: place + 1 });
  const image = h("img", { alt: words, hidden: true });
  readNow(`/subsidy-claims/${claim.id}/papers/${id}`, {}, { keep: false })
    .then(({ body }) => { image.src = body.picture; image.hidden = false; }, () => {});
  return h("figure.work-photo__shown.stack", {}, image, h("figcaption", {}, words),
    claim.can_fill && removal(claim, id, place, perform));
}

function removal(claim, id, place, perform) {
  const remove = button(t("Take photo {number} away", { number: place + 1 }), { kind: "quiet" });
  remove.addEventListener("click", () => perform(remove, async () => {
    await act("POST", `/subsidy-claims/${claim.id}/papers/${id}/removal`);
    sayNext(t("The photo is taken away."));
    go(`${HOME}/claims/${claim.id}`, {}, { replace: true });
  }));
  return remove;
}

function draftName(claim, one) {
  return `subsidy-paper-${claim.id}-${one.evidence}`;
}

async function sendPaper(claim, one, picture) {
  const wish = { evidence: one.evidence, picture: picture.slice(-64) };
  const body = { evidence: one.evidence, picture: picture.split(",")[1] };
  await act("POST", `/subsidy-claims/${claim.id}/papers`, body, { wish });
  dropDraft(draftName(claim, one));
  sayNext(t("The photo is there."));
  go(`${HOME}/claims/${claim.id}`, {}, { replace: true });
}

// A photo of a paper that a claim asks for.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { shrunk } from "../../../lib/shrink.js";
import { HOME, section } from "./subsidy_words.js";

export const claimPaper = {
  title: () => t("A photo of a paper"),
  parent: HOME,

  load: ({ read, params }) => read(`/subsidy-claims/${params.claim}`),

  view(claim, { query, perform }) {
    const one = claim.papers.find((each) => each.evidence === query.evidence);
    if (!one) return { body: bigState("empty", [t("This paper is not asked for.")]) };
    const send = button(t("Send this photo"));
    send.disabled = true;
    const photo = photoField((picture) => {
      send.disabled = false;
      send.onclick = () => perform(send, () => sendPaper(claim, one, picture));
    });
    return {
      body: [
        h("p", {}, t("All of the paper, in good light, so that every letter can be read.")),
        section(one.name, claim.can_fill && photo),
        claim.can_fill && one.paper_ids.map((id, place) => removal(claim, id, place, perform)),
      ].flat().filter(Boolean),
      action: claim.can_fill ? actionBar(send) : undefined,
    };
  },
};

function photoField(onChosen) {
  const input = h("input.only-read", { id: "paper", type: "file", accept: "image/*" });
  const words = h("span", {}, t("Take or choose a photo"));
  const shown = h("div.work-photo__shown", { role: "status" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      const picture = await shrunk(file);
      shown.replaceChildren(h("img", { src: picture, alt: t("The photo you took") }));
      words.textContent = t("Take another photo");
      onChosen(picture);
    } catch (unreadable) {
      shown.replaceChildren(notice("danger", t("This picture cannot be read. Please take it again.")));
    }
  });
  return [input, h("label.button.button--quiet.button--wide.work-photo", { for: "paper" }, words), shown];
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

async function sendPaper(claim, one, picture) {
  const wish = { evidence: one.evidence, picture: picture.slice(-64) };
  const body = { evidence: one.evidence, picture: picture.split(",")[1] };
  await act("POST", `/subsidy-claims/${claim.id}/papers`, body, { wish });
  sayNext(t("The photo is there."));
  go(`${HOME}/claims/${claim.id}`, {}, { replace: true });
}

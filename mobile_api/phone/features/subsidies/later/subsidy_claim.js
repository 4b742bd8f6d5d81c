// One claim: where it stands, which papers are there, handing it in, and taking it back.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, badge, button, linkRow, list, notice } from "../../../lib/parts.js";
import { go, reopen } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { dayOfYear, money } from "../../../lib/words.js";
import { claimBadge, HOME, monthsWords, section } from "./subsidy_words.js";

export const subsidyClaim = {
  title: () => t("What I ask for"),
  parent: HOME,
  backToParent: true,

  load: ({ read, params }) => read(`/subsidy-claims/${params.claim}`),

  view(claim, { perform }) {
    const send = button(t("Hand it in"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, () => handIn(claim)));
    const back = button(t("Take this claim back"), { kind: "warn" });
    back.addEventListener("click", () => perform(back, () => takeBack(claim)));
    const isWhole = claim.missing.length === 0;
    return {
      body: [
        claim.state === "returned" && notice("look", t("Please mend this and hand it in again"), claim.words),
        claim.state === "refused" && notice("look", t("It was not granted"), claim.words),
        card(claim),
        claim.papers.length > 0 && section(t("Papers"), list(claim.papers.map((one) => paperRow(claim, one)))),
        claim.can_fill && !isWhole && notice("look", t("These papers are missing"), claim.missing.join("、")),
        claim.can_withdraw && back,
      ].filter(Boolean),
      action: claim.can_fill && isWhole ? actionBar(send) : undefined,
    };
  },
};

function card(claim) {
  return h("section.card.stack", { "aria-label": claim.programme_name },
    h("h2", {}, claim.programme_name),
    h("p", {}, `${claim.person_name} · ${monthsWords(claim)}`),
    claim.expected_fen > 0 && h("p", {}, t("Expected: {amount}", { amount: money(claim.expected_fen) })),
    h("p", {}, claimBadge(claim)),
    claim.can_fill && claim.closes_on
      && h("p", {}, t("To be handed in until {day}", { day: dayOfYear(claim.closes_on) })),
    claim.due_on && h("p", {}, t("You hear of it until {day}", { day: dayOfYear(claim.due_on) })));
}

function paperRow(claim, one) {
  const there = one.paper_ids.length;
  const need = one.is_required ? badge(t("Missing")) : badge(t("If you have it"), "info");
  return linkRow({
    path: `${HOME}/claims/${claim.id}/paper`,
    query: { evidence: one.evidence },
    lead: there > 0 ? "check" : "booking",
    title: one.name,
    notes: [there > 0 && t("{count} photos", { count: there })],
    extra: there > 0 ? badge(t("There"), "good") : need,
  });
}

async function handIn(claim) {
  await act("POST", `/subsidy-claims/${claim.id}/handing-in`);
  sayNext(t("It is handed in."));
  reopen();
}

async function takeBack(claim) {
  await act("POST", `/subsidy-claims/${claim.id}/withdrawal`);
  sayNext(t("It is taken back."));
  go(HOME, {}, { replace: true });
}

// One claim: where it stands, which papers are there, handing it in, and taking it back.

import { act } from "../../../lib/api.js";
import { today } from "../../../lib/clock.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { hotline } from "../../../lib/hotline.js";
import { actionBar, badge, button, callButton, linkRow, list, notice, stillRow } from "../../../lib/parts.js";
import { go, reopen } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { calendarDay, dayOfYear, money } from "../../../lib/words.js";
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
        claim.state === "refused" && notice("look", t("It was not granted"), claim.words,
          t("Do you think otherwise? Please call us, or ask at the window. You may ask again.")),
        card(claim),
        whereItIs(claim),
        claim.papers.length > 0 && section(t("Papers"), list(claim.papers.map((one) => paperRow(claim, one)))),
        claim.can_fill && !isWhole && notice("look", t("These papers are missing"), claim.missing.join("、")),
        claim.stages.length > 0 && section(t("The way to the money"), list(claim.stages.map(stageRow))),
        waitsTooLong(claim) && callButton(t("Call us:"), hotline()),
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
      && h("p", {}, t("To be handed in until {day}", { day: dayOfYear(claim.closes_on) })));
}

/** Who has it now and until when, and what comes next, each in one sentence. */
function whereItIs(claim) {
  const now = claim.stages.find((one) => one.is_now);
  if (!now || claim.can_fill) return null;
  if (claim.state === "accepted") return notice("good", t("It is granted."), afterWords(claim));
  const told = { office: officeWords(now), day: calendarDay(claim.due_on) };
  if (waitsTooLong(claim)) {
    return notice("look", t("{office} should have answered by {day}.", told),
      t("It is not forgotten: please call us and ask."));
  }
  return notice("info", t("{office} is looking at it. You are answered by {day} at the latest.", told),
    nextWords(claim));
}

function waitsTooLong(claim) {
  return Boolean(claim.due_on) && claim.due_on < today();
}

function nextWords(claim) {
  const next = claim.stages[claim.stages.findIndex((one) => one.is_now) + 1];
  const office = officeWords(next);
  if (office) return t("After that {office} looks at it. You need do nothing.", { office });
  return t("After that the money is reckoned. You need do nothing.");
}

function afterWords(claim) {
  const onShow = claim.stages.find((one) => one.at === "notice");
  return onShow
    ? t("Now the sum is reckoned, the list is on show for {days} days, and then it is paid.", { days: onShow.days })
    : t("Now the sum is reckoned, and then it is paid.");
}

function stageRow(one) {
  const mark = one.is_now ? badge(t("now"), "look") : one.done_on ? badge(t("done"), "good") : [];
  return stillRow({
    lead: one.done_on ? "check" : one.is_now ? "clock" : "next",
    title: stageWords(one),
    notes: [one.done_on && calendarDay(one.done_on), one.days && t("{days} days", { days: one.days })],
    extra: mark,
  });
}

function stageWords(one) {
  return {
    handed_in: t("You hand it in"), reckoned: t("The sum is reckoned"),
    notice: t("The list is on show for everybody"), paid: t("The money is paid"),
  }[one.at] || t("{office} looks at it", { office: officeWords(one) });
}

function officeWords(one) {
  return one.office || { town: t("the town"), county: t("the county"), city: t("the city") }[one.at];
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
  sayNext(t("It is handed in. You hear of it here, and by message."));
  reopen();
}

async function takeBack(claim) {
  await act("POST", `/subsidy-claims/${claim.id}/withdrawal`);
  sayNext(t("It is taken back."));
  go(HOME, {}, { replace: true });
}

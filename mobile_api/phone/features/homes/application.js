// One application: the place in the queue and why, an offer to answer, and the way out.

import { act } from "../../lib/api.js";
import { today } from "../../lib/clock.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, buttonLink, callButton, facts, notice } from "../../lib/parts.js";
import { reopen } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { dayWords, fullDay, momentWords } from "../../lib/words.js";
import { applicationState, bedWords } from "./home_words.js";

export const application = {
  title: () => t("Application"),
  parent: "/care/applications",

  load: ({ params, read }) => read(`/applications/${params.application}`),

  view(one, { perform }) {
    return {
      title: applicationState(one),
      body: [
        one.place && !one.offer && notice("info", whyHere(one), t("You get a message when a bed is free.")),
        one.offer && offered(one),
        one.state === "accepted" && held(one),
        one.end_reason && notice("look", one.end_reason),
        h("section.card", { "aria-label": t("Application") }, facts([
          ["building", t("Care home"), one.site_name],
          ["person", t("For"), one.resident_name],
          ["bed", t("Kind of bed"), bedWords(one.kind)],
          ["clock", t("Applied"), momentWords(one.since)],
        ])),
        one.site_phone && callButton(t("Call"), one.site_phone),
        one.can_leave && buttonLink(t("Leave the queue"), `/care/applications/${one.id}/leave`, { kind: "quiet" }),
      ].filter(Boolean),
      action: one.offer ? answers(one, perform) : null,
    };
  },
};

/** "您排在第 3 位，因为……": in numbers alone, never who. */
function whyHere({ place, ahead_by_ground: byGround, ahead_by_day: byDay, ground }) {
  if (place === 1 && ground === "none") return t("You are the first: nobody else waits before you.");
  if (place === 1) return t("You are the first: elders without means or in need of care come first here.");
  if (byGround === 0) return t("You are number {place}: {count} applied before you.", { place, count: byDay });
  if (byDay === 0) {
    return t("You are number {place}: {count} without means or in need of care come first.",
      { place, count: byGround });
  }
  return t("You are number {place}: {first} without means or in need of care come first, {earlier} applied before you.",
    { place, first: byGround, earlier: byDay });
}

function offered(one) {
  return notice("good", t("Bed {bed} is free for you.", { bed: one.offer.bed }),
    t("Please answer until {when}. Without an answer the next is asked, and your place stays.",
      { when: momentWords(one.offer.expires_at) }));
}

function held(one) {
  return notice("good", t("A bed is held for you from {day}.", { day: dayWords(one.held_from) }),
    t("Please move in before {day}. Call the home when you come.", { day: fullDay(one.held_until) }));
}

function answers(one, perform) {
  const take = button(t("Take this bed"), { iconName: "check" });
  const pass = button(t("Not now, ask the next"), { kind: "quiet" });
  const address = `/applications/${one.id}/offers/${one.offer.id}`;
  take.addEventListener("click", () => perform(take, () =>
    answer(`${address}/acceptance`, { planned_on: today() }, t("The bed is held for you."))));
  pass.addEventListener("click", () => perform(pass, () =>
    answer(`${address}/refusal`, {}, t("The next is asked. Your place stays."))));
  return actionBar(take, pass);
}

async function answer(address, body, sentence) {
  await act("POST", address, body);
  sayNext(sentence);
  reopen();
}

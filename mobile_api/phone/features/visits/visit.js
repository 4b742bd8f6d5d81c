// One visit to my home: who and when, the code, my yes, three faces, and a word to the provider.

import { act } from "../../lib/api.js";
import { timeOf } from "../../lib/clock.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, badge, button, buttonLink, callButton, facts, notice } from "../../lib/parts.js";
import { reopen } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { face, showPicture } from "./face.js";
import { tasksOf, visitBadge, visitDay } from "./visit_words.js";

const FACES = [[3, "smile"], [2, "straight"], [1, "frown"]];

export const visitOfMine = {
  title: () => t("A visit to my home"),
  parent: "/visits",
  backToParent: true,

  load: ({ params, read }) => read(`/care-visits/${params.visit}`),

  view(one, { perform }) {
    return {
      title: one.worker_name ? t("{name} comes to you", { name: one.worker_name }) : t("A visit to my home"),
      body: [
        faceOf(one), badge(...visitBadge(one)), what(one), code(one), rating(one, perform), photoOf(one),
        buttonLink(t("Ask for a change"), `/visits/${one.id}/wish`, { kind: "quiet", query: { kind: "change" } }),
        buttonLink(t("Complain"), `/visits/${one.id}/wish`, { kind: "quiet", query: { kind: "complaint" } }),
        one.site_phone && callButton(one.site_name, one.site_phone),
      ].filter(Boolean),
      action: canConfirm(one) ? actionBar(yes(one, perform)) : null,
    };
  },
};

function what(one) {
  return h("section.card", { "aria-label": t("A visit") }, facts([
    ["clock", t("When"), visitDay(one)],
    ["info", t("Minutes"), String(one.minutes)],
    ["care", t("What is done"), tasksOf(one)],
    one.arrived_at && ["check", t("Arrived"), timeOf(new Date(one.arrived_at))],
    one.left_at && ["leave", t("Left"), timeOf(new Date(one.left_at))],
  ]));
}

function faceOf(one) {
  return one.worker_photo && h("p.visit-face-large", {}, face(one), h("strong", {}, one.worker_name));
}

function photoOf(one) {
  if (!one.photo) return null;
  const frame = h("p.visit-photo", {}, t("The photo is being fetched…"));
  showPicture(frame, one.photo, t("What it looked like after the visit"), t("The photo cannot be shown now."));
  return h("section.stack", {}, h("h2", {}, t("After the visit")), frame);
}

function code(one) {
  return one.code && one.state !== "missed" && notice("info", t("Your code for this visit"),
    h("p.figures", {}, `${one.code.slice(0, 3)} ${one.code.slice(3)}`),
    t("Tell it to the care worker when the work is done, and not before."));
}

function canConfirm(one) {
  return Boolean(one.arrived_at) && !one.is_confirmed;
}

function yes(one, perform) {
  const press = button(t("Yes, somebody came"), { iconName: "check" });
  press.addEventListener("click", () => perform(press, async () => {
    await act("POST", `/care-visits/${one.id}/confirmation`, {});
    sayNext(t("Thank you. That is noted."));
    reopen();
  }));
  return press;
}

function rating(one, perform) {
  if (one.state !== "done") return null;
  const words = { 3: t("Good"), 2: t("So-so"), 1: t("Bad") };
  return h("section.stack", {}, h("h2", {}, t("How was it?")), h("div.faces", {}, FACES.map(([score, iconName]) => {
    const press = button(words[score], { kind: one.score === score ? "go" : "quiet", iconName });
    press.setAttribute("aria-pressed", String(one.score === score));
    press.addEventListener("click", () => perform(press, () => rate(one, score)));
    return press;
  })));
}

async function rate(one, score) {
  await act("PUT", `/care-visits/${one.id}/rating`, { score });
  sayNext(t("Thank you. That is noted."));
  reopen();
}

// One renovation: where it stands, who pays what in big figures, before and after, yes or no.

import { act, read as readNow } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, badge, button, buttonLink, callButton, list, notice, stillRow } from "../../../lib/parts.js";
import { reopen } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { calendarDay, dayWords, money } from "../../../lib/words.js";
import { endWords, nextWords, roomWords, stateWords } from "./renovation_words.js";

const FACES = [[5, "smile"], [3, "straight"], [1, "frown"]];

export const renovation = {
  title: () => t("Make my home safe"),
  parent: "/care/renovations",

  load: ({ params, read }) => read(`/renovations/${params.renovation}`),

  view(one, { perform }) {
    return { title: stateWords(one.state), body: [
      one.state === "ended" ? notice("look", endWords(one), one.end_note) : next(one),
      one.quote && whoPays(one.quote),
      one.can_rate && rating(one, perform),
      one.pictures.length > 0 && rooms(one),
      one.site_phone && callButton(t("Call {site}", { site: one.site_name }), one.site_phone),
      way(one),
      one.can_withdraw && leaveLink(one),
    ].filter(Boolean), action: one.state === "consent" && one.quote ? answers(one, perform) : null };
  },
};

function leaveLink(one) {
  return buttonLink(t("I do not want it any more"), `/care/renovations/${one.id}/end`, { kind: "quiet" });
}

function next(one) {
  return notice(one.state === "settled" ? "good" : "info", nextWords(one.state),
    one.due_on && t("This takes until {day} at the latest.", { day: dayWords(one.due_on) }));
}

/** Two figures that a passer-by could read, and below them what they are made of. */
function whoPays(quote) {
  return h("section.card.stack", { "aria-label": t("What it costs") },
    h("dl.who-pays", {},
      h("div", {}, h("dt", {}, t("The city pays")), h("dd.figures", {}, money(quote.grant_fen))),
      h("div.who-pays__own", {}, h("dt", {}, t("You pay yourself")), h("dd.figures", {}, money(quote.own_pay_fen)))),
    h("p", {}, t("Together {cost}", { cost: money(quote.cost_fen) })),
    h("ul.who-pays__lines", {}, quote.lines.map((line) => h("li", {},
      `${roomWords(line.room)} · ${line.item_name} × ${line.quantity} · ${money(line.sum_fen)}`))),
    quote.note && h("p", {}, quote.note));
}

function answers(one, perform) {
  const yes = button(t("Yes, I agree"), { iconName: "check" });
  yes.addEventListener("click", () => perform(yes, async () => {
    await act("POST", `/renovations/${one.id}/agreement`, { quote_id: one.quote.id });
    sayNext(t("Thank you. The contractor calls you and comes to build."));
    reopen();
  }));
  const no = buttonLink(t("No, not like this"), `/care/renovations/${one.id}/no`, { kind: "quiet" });
  return actionBar(yes, no);
}

function rating(one, perform) {
  const words = { 5: t("Good"), 3: t("So-so"), 1: t("Bad") };
  return h("section.stack", {}, h("h2", {}, t("How was it?")), h("div.faces", {}, FACES.map(([score, iconName]) => {
    const press = button(words[score], { kind: one.score === score ? "go" : "quiet", iconName });
    press.setAttribute("aria-pressed", String(one.score === score));
    press.addEventListener("click", () => perform(press, async () => {
      await act("POST", `/renovations/${one.id}/rating`, { score });
      sayNext(t("Thank you. That is noted."));
      reopen();
    }));
    return press;
  })));
}

function rooms(one) {
  const named = [...new Set(one.pictures.map(({ room }) => room))];
  return h("section.stack", {}, h("h2", {}, t("Before and after")), named.map((room) => h("div.stack", {},
    one.pictures.filter((shown) => shown.room === room).map((shown) => figure(one, shown)))));
}

/** A picture is asked for with the token, and one that does not come leaves its words. */
function figure(one, { room, phase, file_id: file }) {
  const named = { room: roomWords(room) };
  const when = phase === "before" ? t("{room}, before", named) : t("{room}, after", named);
  const image = h("img.room-picture", { alt: when, hidden: true });
  readNow(`/renovations/${one.id}/pictures/${file}`, {}, { keep: false })
    .then(({ body }) => { image.src = body.picture; image.hidden = false; }, () => {});
  return h("figure", {}, image, h("figcaption", {}, when));
}

function way(one) {
  if (one.state === "ended") return null;
  return h("section.stack", {}, h("h2", {}, t("The way there")), list(one.steps.map((step) => stillRow({
    lead: step.done_on ? "check" : step.is_now ? "clock" : "next",
    title: stateWords(step.state),
    notes: [step.done_on && calendarDay(step.done_on)],
    extra: markOf(step, one),
  }))));
}

function markOf(step, one) {
  if (step.is_now && one.state !== "settled") return badge(t("now"), "look");
  return step.done_on ? badge(t("done"), "good") : [];
}

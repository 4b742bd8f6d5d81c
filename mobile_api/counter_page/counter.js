// The counter: one field, one big answer. What was handed out last can be taken back for two minutes.

import { now, timeOf } from "../lib/clock.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import * as camera from "./camera.js";
import * as checker from "./checker.js";
import * as day from "./day.js";
import * as sounds from "./sounds.js";
import { dietWords, mayNotEat, mealWords, money } from "./words.js";

const UNDO_REASONS = () => [t("Wrong person"), t("Not taken after all"), t("Pressed by mistake")];
const BY_HAND = () => [t("Forgot the telephone"), t("The code cannot be read")];
const A_SURNAME = /^\p{Script=Han}/u;
let stopCamera = null;

/** The counter as elements; `refresh` shows what changed around it. */
export function counter({ refresh }) {
  const answer = h("section.answer-panel", { "aria-live": "assertive", tabindex: "-1" });
  const found = h("ul.list.found");
  const last = h("section.card.handed");
  const input = h("input.field__input.counter-input", {
    id: "what", name: "what", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    placeholder: t("Six digits, end of phone number, or name"),
  });
  const show = (result) => {
    showAnswer(answer, result);
    sounds.play(result.good);
    document.getElementById("announcer").textContent = result.title;
    input.value = "";
    found.replaceChildren();
    input.focus({ preventScroll: true });
    showHanded(last, refresh);
    refresh();
  };
  const choose = (diner, how, reason) => day.byDiner(diner, how, reason).then(show);
  const form = h("form.stack.counter-form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    enter(input.value.trim(), { answer, found, show, choose });
  } },
  h("label.field__label", { for: "what" }, t("Who is eating?")), input,
  h("button.button.button--go.button--big.button--wide", { type: "submit" }, icon("check"), h("span", {}, t("Look up"))));
  input.addEventListener("input", () => {
    const text = input.value.trim();
    if ((text.length > 1 || A_SURNAME.test(text)) && !/^\d/.test(text) && !checker.isSigned(text)) showFound(found, text, choose);
    else found.replaceChildren();
  });
  showAnswer(answer, null);
  showHanded(last, refresh);
  const body = h("div.counter", {},
    h("div.counter__left.stack", {}, scanning(show), form, found, walkIns(show)),
    h("div.counter__right.stack", {}, answer, last));
  setTimeout(() => input.focus({ preventScroll: true }), 0);
  return body;
}

export function leave() {
  if (stopCamera) stopCamera();
  stopCamera = null;
}

/** Enter on an empty field makes ready for the next. */
function enter(text, { answer, found, show, choose }) {
  if (!text) return showAnswer(answer, null);
  if (checker.isSigned(text)) return day.byToken(text).then(show);
  const digits = text.replace(/[\s-]/g, "");
  if (/^\d{6}$/.test(digits)) return day.byCode(digits).then(show);
  const diners = day.matches(text);
  if (diners.length === 0) return show({ good: false, title: t("Nobody on the list fits."), line: t("Check what was typed, or look for the name.") });
  return showFound(found, text, choose);
}

function showFound(found, text, choose) {
  const how = day.howOf(text);
  found.replaceChildren(...day.matches(text).map((diner) => h("li", {}, dinerRow(diner, how, choose))));
}

function dinerRow(diner, how, choose) {
  const isDone = diner.status === "collected";
  const words = [mealWords(diner.meal), dietWords(diner.diet), mayNotEat(diner), isDone ? t("already handed out") : null].filter(Boolean).join(" · ");
  const take = h("button.list__row.found__row", { type: "button", onclick: () => choose(diner, how) },
    h("span.list__text", {}, h("span.list__title", {}, diner.name), h("span.list__note", {}, words)), icon("next", "icon list__go"));
  const byHand = h("details.by-hand", {}, h("summary", {}, t("Enter by hand")),
    h("div.by-hand__reasons", {}, BY_HAND().map((reason) => h("button.button.button--quiet", {
      type: "button", onclick: () => choose(diner, "staff", reason),
    }, reason))));
  return [take, isDone ? null : byHand].filter(Boolean);
}

function showAnswer(panel, result) {
  panel.className = `answer-panel${result ? (result.good ? " answer-panel--good" : " answer-panel--bad") : ""}`;
  if (!result) {
    panel.replaceChildren(h("p.answer-panel__wait", {}, t("Ready for the next")));
    return;
  }
  const { diner } = result;
  panel.replaceChildren(...[
    icon(result.good ? "check" : "close", "icon answer-panel__icon"),
    h("p.answer-panel__word", {}, result.good ? t("Hand out") : t("Do not hand out")),
    h("p.answer-panel__name", {}, result.title),
    result.line && h("p.answer-panel__line", {}, result.line),
    !result.good && diner && diner.name && h("p.answer-panel__line", {}, diner.name),
    result.good && diner && h("p.answer-panel__diet", {}, dietWords(diner.diet)),
    result.good && mayNotEat(diner) && h("p.answer-panel__harm", {}, icon("look"), h("span", {}, mayNotEat(diner))),
    result.good && diner && h("p.answer-panel__line", {}, diner.own_pay_fen ? t("Pays {amount}", { amount: money(diner.own_pay_fen) }) : t("Nothing to pay")),
    result.isOffline && h("p.answer-panel__line", {}, t("Kept on this tablet. It is sent when there is a network.")),
  ].filter(Boolean));
}

function showHanded(card, refresh) {
  const rows = day.state.handed.slice(0, 6).map((one) => h("li.list__row.list__row--still", {},
    h("span.list__text", {}, h("span.list__title", {}, one.name),
      h("span.list__note", {}, one.undone ? t("taken back") : timeOf(new Date(one.at)))),
    day.canUndo(one) && undoing(one, card, refresh)));
  card.replaceChildren(h("h2", {}, t("Handed out last")),
    rows.length ? h("ul.list", {}, rows) : h("p", {}, t("Nothing yet today.")));
}

function undoing(one, card, refresh) {
  const take = async (reason) => {
    await day.undo(one, reason);
    showHanded(card, refresh);
    refresh();
  };
  return h("details.by-hand", {}, h("summary", {}, t("Take back")), h("div.by-hand__reasons", {},
    UNDO_REASONS().map((reason) => h("button.button.button--quiet", { type: "button", onclick: () => take(reason) }, reason))));
}

function scanning(show) {
  const video = h("video.scan__video", { muted: true, playsinline: true, hidden: true, "aria-label": t("The tablet's camera") });
  const wrong = h("p", { role: "alert" });
  const press = h("button.button.button--quiet.button--wide", { type: "button" });
  const label = () => press.replaceChildren(icon(stopCamera ? "stop" : "search"), h("span", {}, stopCamera ? t("Stop the camera") : t("Scan with the camera")));
  press.addEventListener("click", async () => {
    wrong.textContent = "";
    if (stopCamera) {
      leave();
      video.hidden = true;
    } else {
      video.hidden = false;
      stopCamera = await camera.watch(video, (text) => read(text, show)).catch(() => null);
      if (!stopCamera) {
        video.hidden = true;
        wrong.textContent = t("The camera cannot be used. Please key the six digits in.");
      }
    }
    label();
  });
  label();
  return h("section.scan.stack", {}, video, press, wrong);
}

function read(text, show) {
  const short = /^YL1:\d+:(\d{6})$/.exec(text);
  if (short) return day.byCode(short[1]).then(show);
  const card = /^YLC(\d{12})$/.exec(text);
  return card ? showCard(card[1]) : day.byToken(text).then(show);
}

/** A meal card stands for an eater who need not have booked: one press hands out what is on. */
function showCard(number) {
  const shown = document.getElementById("shown");
  if (!shown || shown.value === number) return;
  shown.closest("details").open = true;
  shown.value = number;
  shown.focus();
}

/** Whoever has not booked: the meal that is on, and what they show. */
function walkIns(show) {
  const sittings = day.state.list ? day.state.list.sittings.filter((one) => one.serves_until > timeOf(now())) : [];
  if (sittings.length === 0) return null;
  const which = h("select.field__input", { id: "sitting" }, sittings.map((one) =>
    h("option", { value: String(one.id) }, `${mealWords(one.meal)} ${one.serves_from}–${one.serves_until} · `,
      t("{count} places left", { count: one.places_left }))));
  const shown = h("input.field__input", { id: "shown", autocomplete: "off", maxlength: "40" });
  const wrong = h("p.field__error", { role: "alert" });
  const send = h("button.button.button--quiet.button--wide", { type: "submit" }, t("Book and hand out"));
  const form = h("form.stack", { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const text = shown.value.trim();
    wrong.textContent = text.length < 4 ? t("Please type an ID number or a card number.") : "";
    if (wrong.textContent) return;
    send.disabled = true;
    const named = text.replace(/\s/g, "").length >= 15 ? { id_number: text } : { card_number: text };
    const result = await day.walkIn(Number(which.value), named).finally(() => { send.disabled = false; });
    shown.value = "";
    show(result);
  } },
  h("label.field__label", { for: "sitting" }, t("Which meal")), which,
  h("label.field__label", { for: "shown" }, t("ID number or meal card")), shown, wrong, send);
  return h("details.card.walk-in", {}, h("summary", {}, t("Somebody who has not booked")), form);
}

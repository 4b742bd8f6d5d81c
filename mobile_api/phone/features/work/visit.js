// One visit of a care worker: where, what to do, and the one button that comes next.

import { timeOf, today } from "../../lib/clock.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, badge, button, facts, notice } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { capital, fullDay } from "../../lib/words.js";
import { field } from "../identity/field.js";
import { arrived, confirmed, left } from "./deeds.js";
import { photoField } from "./photo_field.js";
import * as photos from "./photos.js";
import * as queue from "./queue.js";
import { waysTo } from "./ways.js";
import { stateWords } from "./workday.js";

export const workVisit = {
  title: () => t("A visit"),
  parent: "/work",
  backToParent: true,
  recalls: true,

  async load({ params, read }) {
    const { items } = await read("/work-visits");
    const found = items.find((one) => String(one.id) === params.visit);
    if (!found) throw new Problem(404, { code: "not-found" });
    return { ...queue.withWaiting(found), taken: await photos.drafted(found) };
  },

  view(visit, { perform }) {
    const step = stepOf(visit, perform);
    return {
      title: visit.resident_name || t("A visit"),
      body: [
        badge(...stateWords(visit)), whereAndWhen(visit), outside(visit), ...waysTo(visit), ...step.body,
      ].filter(Boolean),
      action: step.action,
    };
  },
};

function whereAndWhen(visit) {
  const starts = timeOf(new Date(visit.starts_at));
  return h("section.card", { "aria-label": t("A visit") }, facts([
    ["clock", t("When"), `${capital(fullDay(visit.service_on))} ${starts}`],
    ["info", t("Minutes"), String(visit.minutes)],
    visit.address && ["place", t("Address"), visit.address],
    visit.arrived_at && ["check", t("Arrived"), timeOf(new Date(visit.arrived_at))],
    visit.left_at && ["leave", t("Left"), timeOf(new Date(visit.left_at))],
    visit.has_photo && ["check", t("Photo"), t("It has arrived")],
  ]));
}

function outside(visit) {
  return visit.is_outside && notice("look", t("You were {count} m from the home.", { count: visit.metres_off }),
    t("That is noted. Your provider may ask you about it."));
}

function stepOf(visit, perform) {
  if (visit.state === "under_way") return leaving(visit, perform);
  if (visit.state === "done" && !visit.is_confirmed) return confirming(visit, perform);
  if (["planned", "missed"].includes(visit.state) && visit.service_on <= today()) return arriving(visit, perform);
  return { body: [tasksOf(visit)], action: null };
}

function arriving(visit, perform) {
  const press = button(t("Arrived"), { iconName: "place" });
  press.addEventListener("click", () => perform(press, () => arrived(visit)));
  return { body: [tasksOf(visit)], action: actionBar(press) };
}

function tasksOf(visit) {
  return h("section.stack", {}, h("h2", {}, t("What to do")),
    h("ul", {}, visit.tasks.map((one) => h("li", {}, one.name))));
}

function leaving(visit, perform) {
  const box = (code) => h("input.radio-card__input", { type: "checkbox", value: code });
  const boxes = visit.tasks.map((one) => [one.code, box(one.code), one.name]);
  const press = button(t("Left"), { iconName: "leave" });
  const done = () => boxes.filter(([, one]) => one.checked).map(([code]) => code);
  const photo = photoField(visit);
  press.addEventListener("click", () => perform(press, () => left(visit, done(), photo.taken())));
  const cards = h("fieldset.radio-cards", {}, h("legend.radio-cards__legend", {}, t("What have you done?")),
    boxes.map(([, one, name]) => h("label.radio-card", {}, one, h("span.radio-card__body", {}, h("span", {}, name)))));
  return { body: [cards, photo.element], action: actionBar(press) };
}

function confirming(visit, perform) {
  const tap = button(t("I confirm: somebody came"), { iconName: "check" });
  tap.addEventListener("click", () => perform(tap, () => confirmed(visit)));
  const input = h("input.field__input.field__input--digits", {
    id: "visit-code", name: "visit-code", inputmode: "numeric", autocomplete: "off", maxlength: "6",
  });
  const code = field({ input, label: t("Or the elder's six digits"), hint: t("They stand on the elder's own phone.") });
  const send = button(t("Confirm by the code"), { kind: "quiet" });
  send.addEventListener("click", () => {
    if (!/^\d{6}$/.test(input.value.trim())) return code.refuse(t("Please type the six digits."));
    code.accept();
    return perform(send, () => confirmed(visit, input.value.trim()));
  });
  return {
    body: [notice("info", t("Please hand the phone to the elder.")), code.element, send],
    action: actionBar(tap),
  };
}

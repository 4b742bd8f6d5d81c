// A code that lets somebody help me: I choose what for and show it; she types it on her phone.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { draft, dropDraft, remember } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, facts, notice } from "../../../lib/parts.js";
import { Problem } from "../../../lib/problems.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { codeWords, momentWords } from "../../../lib/words.js";
import { field } from "../../identity/field.js";
import { relationChoice, SCOPES, scopeWords } from "../helper_words.js";

export const showCode = {
  title: () => t("What may your helper do?"),
  parent: "/help/helpers",

  view(_, { query, perform, replaceView }) {
    const boxes = SCOPES.map(box);
    const show = button(t("Show the code"));
    show.addEventListener("click", () => {
      const scopes = SCOPES.filter((scope, place) => boxes[place].querySelector("input").checked);
      if (scopes.length === 0) return boxes[0].querySelector("input").focus();
      perform(show, async () => {
        const shown = await act("POST", `/residents/${query.resident}/helper-codes`, { scopes });
        replaceView(toReadOut(shown, scopes, query.resident));
      });
    });
    return {
      body: h("fieldset.radio-cards", {},
        h("legend.radio-cards__legend", {}, t("Tick one thing or several.")), boxes),
      action: actionBar(show),
    };
  },
};

export const typeCode = {
  title: () => t("Help somebody"),
  parent: "/help",

  view(_, { perform }) {
    const hint = t("Six digits, on her phone under “Who helps me”.");
    const code = textField("helped-code", t("The elder's code"), hint, {
      inputmode: "numeric", maxlength: "9", autocomplete: "off",
    });
    const name = textField("helped-name", t("Your name"), t("As the elder calls you"), {
      maxlength: "60", autocomplete: "name",
    });
    const agree = button(t("Begin to help"), { type: "submit" });
    agree.setAttribute("form", "helped");
    const form = h("form.stack", { id: "helped", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      if (isTyped(code, name)) perform(agree, () => send(code, name), (problem) => showAtField(code, problem));
    } }, code.element, name.element, relationChoice("helped-relation", t("Who are you to the elder?")));
    return { body: form, action: actionBar(agree) };
  },
};

function box(scope) {
  const checked = scope === "book_meals";
  return h("label.radio-card", {},
    h("input.radio-card__input", { type: "checkbox", name: scope, checked }),
    h("span.radio-card__body", {}, h("span", {}, scopeWords([scope]))));
}

function toReadOut(shown, scopes, resident) {
  return {
    title: t("Read this out to your helper"),
    body: [
      h("p.shown-code", {}, codeWords(shown.code)),
      facts([
        ["clock", t("Good until"), momentWords(shown.expires_at)],
        ["people", t("She may"), scopeWords(scopes)],
      ]),
      notice("look", t("Tell it to nobody else."), t("She types it on her own phone: Help, “Help somebody”.")),
    ],
    action: actionBar(buttonLink(t("See who helps me"), "/help/helpers", { query: { resident } })),
  };
}

function textField(id, label, hint, attributes) {
  const input = h("input.field__input", { id, name: id, type: "text", ...attributes });
  remember(input, id);
  return field({ input, label, hint });
}

function isTyped(code, name) {
  if (code.input.value.replace(/\D/g, "").length !== 6) {
    code.refuse(t("The code has six digits."));
    return false;
  }
  code.accept();
  if (name.input.value.trim() === "") name.refuse(t("Please type the name."));
  else name.accept();
  return name.input.value.trim() !== "";
}

async function send(code, name) {
  const helped = await act("POST", "/residents/helped", {
    code: code.input.value.replace(/\D/g, ""),
    name: name.input.value.trim(),
    relation: draft("helped-relation") || "child",
  });
  ["helped-code", "helped-name", "helped-relation"].forEach(dropDraft);
  sayNext(t("From now on you help {name}.", { name: helped.name }));
  go("/", {}, { replace: true });
}

function showAtField(code, error) {
  const isOurs = error instanceof Problem && [409, 422].includes(error.status);
  if (isOurs) code.refuse(error.facts.detail);
  return isOurs;
}

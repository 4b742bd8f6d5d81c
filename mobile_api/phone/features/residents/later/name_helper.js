// Letting somebody act for me: the name, the phone, and who that is.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { draft, dropDraft, remember } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { Problem } from "../../../lib/problems.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { field } from "../../identity/field.js";
import { relationChoice } from "../helper_words.js";

export const nameHelper = {
  title: () => t("Who shall help you?"),
  parent: "/help/helpers",

  view(_, { query, perform }) {
    const name = textField("helper-name", t("Name"), t("As you call her or him"), {
      autocomplete: "off", maxlength: "60",
    });
    const phone = textField("helper-phone", t("Phone number"), t("The helper signs in with this number."), {
      type: "tel", inputmode: "tel", autocomplete: "off", maxlength: "24",
    });
    const agree = button(t("Let them book meals for me"), { type: "submit" });
    agree.setAttribute("form", "helper");
    const form = h("form.stack", { id: "helper", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      if (isFilled(name, t("Please type the name.")) && isFilled(phone, t("Please type the phone number."))) {
        perform(agree, () => send(query.resident, name, phone), (problem) => showAtField(phone, problem));
      }
    } }, name.element, phone.element, relationChoice("helper-relation", t("Who is this to you?")));
    return { body: form, action: actionBar(agree) };
  },
};

function textField(id, label, hint, attributes) {
  const input = h("input.field__input", { id, name: id, ...attributes });
  remember(input, id);
  return field({ input, label, hint });
}

function isFilled(one, sentence) {
  const filled = one.input.value.trim() !== "";
  if (filled) one.accept();
  else one.refuse(sentence);
  return filled;
}

async function send(resident, name, phone) {
  await act("POST", `/residents/${resident}/helpers`, {
    name: name.input.value.trim(),
    phone: phone.input.value.trim(),
    relation: draft("helper-relation") || "child",
  });
  ["helper-name", "helper-phone", "helper-relation"].forEach(dropDraft);
  sayNext(t("That is done."));
  go("/help/helpers", { resident }, { replace: true });
}

function showAtField(phone, error) {
  const isOurs = error instanceof Problem && [409, 422].includes(error.status);
  if (isOurs) phone.refuse(error.sentenceFor("/phone") || error.facts.detail);
  return isOurs;
}

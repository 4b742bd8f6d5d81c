// Sign in, first question: which phone number?

import { ask } from "../../lib/api.js";
import { h, icon, picture } from "../../lib/dom.js";
import { remember, setDraft } from "../../lib/draft.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { visit } from "../../lib/keep.js";
import { actionBar, button, callButton } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { go, pathOf } from "../../lib/router.js";
import { field } from "./field.js";

export const signIn = {
  title: () => t("What is your phone number?"),
  parent: null,
  open: true,

  view(_, { perform }) {
    const number = phoneField();
    const send = button(t("Send me the code"), { iconName: "message", type: "submit" });
    const form = h("form", { id: "sign-in", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      sendCode(number, send, perform);
    } }, number.element);
    send.setAttribute("form", "sign-in");
    return {
      body: [picture("pictures/help", "sign-in__picture", 96), form, privacyLine(), smallLinks()],
      action: actionBar(send),
    };
  },
};

function phoneField() {
  const input = h("input.field__input.field__input--digits", {
    id: "phone", name: "phone", type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: "24",
  });
  remember(input, "phone");
  return field({ input, label: t("Phone number"), hint: t("We send a code of six digits by text message.") });
}

function sendCode(number, send, perform) {
  const typed = number.input.value.trim();
  const fault = faultIn(typed);
  if (fault) return number.refuse(fault);

  number.accept();
  perform(send, async () => {
    const answer = await ask("/sign-in-codes", { phone: typed });
    visit.set("yinling.code-sent", JSON.stringify(answer));
    setDraft("code", "");
    go("/sign-in/code");
  }, (problem) => showAtField(number, problem));
}

/** What is plainly missing is said at once; the rest the server knows better. */
function faultIn(typed) {
  const digits = typed.replace(/\D/g, "").replace(/^(0086|86)(?=1\d{10}$)/, "");
  if (digits.length === 0) return t("Please type your phone number.");
  if (digits.length < 11) return t("A mobile number has 11 digits; you typed {count}.", { count: digits.length });
  return null;
}

function showAtField(number, error) {
  const isOurs = error instanceof Problem && error.status === 422;
  if (isOurs) number.refuse(error.sentenceFor("/phone") || error.facts.detail);
  return isOurs;
}

function privacyLine() {
  return h("p.soft", {}, t("Your number is used to recognise you and to keep your bookings, for nothing else."));
}

function smallLinks() {
  return h("div.stack--close.stack", {},
    h("a.text-link", { href: pathOf("/privacy") }, icon("privacy"), t("How we treat what we know about you")),
    h("a.text-link", { href: pathOf("/help/text-size") }, icon("text"), t("Larger letters")),
    h("a.text-link", { href: pathOf("/help/language") }, icon("language"), "中文 / English"),
    callButton(t("No phone at hand? Call"), hotline()));
}

// Sign in, first question: which phone number?

import { ask } from "../../lib/api.js";
import { h, picture } from "../../lib/dom.js";
import { remember, setDraft } from "../../lib/draft.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { visit } from "../../lib/keep.js";
import { actionBar, button, callButton, linkRow, list } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { go } from "../../lib/router.js";
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
      body: [welcome(), form, privacyLine(), links()],
      action: actionBar(send),
    };
  },
};

function welcome() {
  const pictures = ["meals", "care", "bookings"].map((name) => picture(`pictures/${name}`, "welcome__picture"));
  return h("div.welcome", {},
    h("div.welcome__pictures", {}, pictures),
    h("p.welcome__words", {}, t("Meals, care and subsidies in one place")));
}

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

function links() {
  return h("div.stack", {},
    callButton(t("No phone at hand? Call"), hotline()),
    list([
      linkRow({ path: "/privacy", lead: "privacy", title: t("How we treat what we know about you") }),
      linkRow({ path: "/help/text-size", lead: "text", title: t("Larger letters") }),
      linkRow({ path: "/help/language", lead: "language", title: "中文 / English" }),
      linkRow({ path: "/work/sign-in", lead: "care", title: t("I am a care worker") }),
    ]));
}

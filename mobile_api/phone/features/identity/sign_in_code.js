// Sign in, second question: which six digits came by text message?

import * as account from "../../lib/account.js";
import { ask } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { draft, dropDraft, remember, setDraft } from "../../lib/draft.js";
import { announce } from "../../lib/frame.js";
import { hotline } from "../../lib/hotline.js";
import { language, t, useLanguage } from "../../lib/i18n.js";
import { visit } from "../../lib/keep.js";
import { actionBar, badge, button, callButton, notice } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { BASE } from "../../lib/base.js";
import { go } from "../../lib/router.js";
import { momentWords } from "../../lib/words.js";
import * as seen from "../../lib/seen.js";
import { field } from "./field.js";

export const signInCode = {
  title: () => t("Which six digits did we send you?"),
  parent: "/sign-in",
  open: true,

  view(_, { perform }) {
    const sent = JSON.parse(visit.get("yinling.code-sent") || "null");
    if (!sent) return { redirect: ["/sign-in", {}] };

    const code = codeField(sent);
    const holder = holderField();
    const enter = button(t("Sign in"), { type: "submit" });
    enter.setAttribute("form", "code-form");
    const form = h("form", { id: "code-form", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      signInWith({ code, holder }, enter, perform);
    } }, code.element, holder.element);
    const again = button(t("Nothing came: send it again"), { kind: "quiet", iconName: "again" });
    again.addEventListener("click", () => sendAgain(again, perform));
    return {
      body: [
        sent.demo_code && demoNotice(sent.demo_code, code.input),
        form,
        again,
        callButton(t("Call us:"), hotline()),
      ],
      action: actionBar(enter),
    };
  },
};

function codeField(sent) {
  const input = h("input.field__input.field__input--digits", {
    id: "code", name: "code", type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "9",
  });
  remember(input, "code");
  const hint = t("Sent to {phone}. Good until {when}.", { phone: sent.sent_to, when: momentWords(sent.expires_at) });
  return field({ input, label: t("Code"), hint });
}

/** Asked for only where the account was not used for long: numbers are given to new people. */
function holderField() {
  const input = h("input.field__input.field__input--digits", {
    id: "id-digits", name: "id_digits", type: "text", autocomplete: "off", autocapitalize: "characters", maxlength: "8",
  });
  const made = field({
    input,
    label: t("Last six characters of your ID number"),
    hint: t("This account was not used for a long time. We make sure that it is still yours."),
  });
  made.element.hidden = true;
  return made;
}

function demoNotice(code, input) {
  const fill = button(t("Fill it in"), { kind: "quiet", onclick: () => {
    input.value = code;
    setDraft("code", code);
    input.focus();
  } });
  return notice("info", h("span.demo-code", {}, badge(t("Demo")), h("span.demo-code__digits", {}, code)),
    t("In this demo no message is sent; the code stands here."), fill);
}

function signInWith({ code, holder }, enter, perform) {
  const digits = code.input.value.replace(/\s/g, "");
  if (!/^\d{6}$/.test(digits)) return code.refuse(t("The code has six digits."));

  code.accept();
  perform(enter, async () => {
    const proof = holder.element.hidden ? {} : { id_digits: holder.input.value.replace(/\s/g, "") };
    const answer = await ask("/sign-ins", { phone: draft("phone"), code: digits, ...proof });
    account.signIn(answer.token);
    seen.keep("/me", answer.account, null);
    await speakTheirLanguage(answer.account.language);
    ["phone", "code"].forEach(dropDraft);
    visit.remove("yinling.code-sent");
    if (answer.account.is_notice_due) go("/agree", {}, { replace: true });
    else goWhereTheyWanted();
  }, (problem) => askWhoseItIs(holder, problem) || showAtField(code, problem));
}

function askWhoseItIs(holder, error) {
  const isOurs = error instanceof Problem && ["id-digits-needed", "id-digits-wrong"].includes(error.code);
  if (isOurs) {
    holder.element.hidden = false;
    holder.refuse(error.facts.detail);
  }
  return isOurs;
}

/** The account's language holds, unless this phone was just switched by hand. */
async function speakTheirLanguage(theirs) {
  const chosenHere = visit.get("yinling.language-chosen");
  if (!chosenHere && theirs && theirs !== language()) await useLanguage(theirs);
}

export function goWhereTheyWanted() {
  const wanted = visit.get("yinling.wanted") || `${BASE}/`;
  visit.remove("yinling.wanted");
  const url = new URL(wanted, window.location.origin);
  go(url.pathname.slice(BASE.length) || "/", Object.fromEntries(url.searchParams), { replace: true });
}

function showAtField(code, error) {
  const isOurs = error instanceof Problem && error.status === 422;
  if (isOurs) code.refuse(error.sentenceFor("/code") || error.facts.detail);
  return isOurs;
}

function sendAgain(again, perform) {
  perform(again, async () => {
    const answer = await ask("/sign-in-codes", { phone: draft("phone") });
    visit.set("yinling.code-sent", JSON.stringify(answer));
    announce(t("A new code is on its way."));
    go("/sign-in/code", {}, { replace: true });
  });
}

// A care worker's way in: the name and password that the provider gave.

import * as account from "../../lib/account.js";
import { ask } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, linkRow, list } from "../../lib/parts.js";
import { Problem } from "../../lib/problems.js";
import { go } from "../../lib/router.js";
import { field } from "../identity/field.js";

export const workSignIn = {
  title: () => t("Care workers sign in"),
  parent: "/sign-in",
  open: true,

  view(_, { perform }) {
    const last = account.worker();
    const name = text("worker-name", t("Sign-in name"), t("As your provider gave it to you"), {
      type: "text", autocomplete: "username", value: last ? last.signInName : "",
    });
    const password = text("worker-password", t("Password"), t("The same as on the computer"), {
      type: "password", autocomplete: "current-password",
    });
    const send = button(t("Start work"), { type: "submit" });
    send.setAttribute("form", "worker");
    const form = h("form.stack", { id: "worker", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      if (filled(name, t("Please type your sign-in name.")) && filled(password, t("Please type your password."))) {
        perform(send, () => signIn(name, password), (error) => showAtField(password, error));
      }
    } }, name.element, password.element);
    const back = list([linkRow({ path: "/sign-in", lead: "person", title: t("I am not a care worker") })]);
    return { body: [form, back], action: actionBar(send) };
  },
};

function text(id, label, hint, attributes) {
  const input = h("input.field__input", { id, name: id, maxlength: "200", autocapitalize: "none", ...attributes });
  return field({ input, label, hint });
}

function filled(one, sentence) {
  const is = one.input.value.trim() !== "";
  if (is) one.accept();
  else one.refuse(sentence);
  return is;
}

async function signIn(name, password) {
  const signInName = name.input.value.trim();
  const answer = await ask("/worker-sign-ins", { sign_in_name: signInName, password: password.input.value });
  account.signInWorker(answer.token, { name: answer.name, signInName });
  go("/work", {}, { replace: true });
}

function showAtField(password, error) {
  const isOurs = error instanceof Problem && [403, 422, 429].includes(error.status);
  if (isOurs) password.refuse(error.facts.detail);
  return isOurs;
}

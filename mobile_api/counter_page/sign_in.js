// The canteen's way in: the name and password of the console, and what this tablet is called.

import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { phone } from "../lib/keep.js";
import { account, act } from "./api.js";

const TABLET = "yinling.counter.tablet";

/** The form as an element; calls back when signed in. */
export function signIn(onDone, said = "") {
  const name = field("name", t("Sign-in name"), { autocomplete: "username" });
  const password = field("password", t("Password"), { type: "password", autocomplete: "current-password" });
  const tablet = field("tablet", t("What this tablet is called"), { autocomplete: "off" });
  tablet.input.value = phone.get(TABLET) || t("Counter tablet");
  const wrong = h("p.field__error", { role: "alert" }, said);
  const send = h("button.button.button--go.button--big.button--wide", { type: "submit" }, t("Start serving"));
  const form = h("form.stack", { novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const given = [name, password, tablet].map(({ input }) => input.value.trim());
    wrong.textContent = given.every(Boolean) ? "" : t("Please fill in all three.");
    if (wrong.textContent) return;
    send.disabled = true;
    try {
      const body = { sign_in_name: given[0], password: password.input.value, device_label: given[2] };
      account.keep((await act("POST", "/sign-ins", body)).token);
      phone.set(TABLET, given[2]);
      onDone();
    } catch (error) {
      send.disabled = false;
      wrong.textContent = error.status ? error.message : t("There is no network right now.");
    }
  } }, name.element, password.element, tablet.element, wrong, send);
  return h("main.page.sign-in", { id: "main" }, h("h1", { tabindex: "-1" }, t("Counter of the canteen")), form);
}

function field(id, label, attributes) {
  const input = h("input.field__input", { id, name: id, maxlength: "200", autocapitalize: "none", ...attributes });
  return { input, element: h("div.field", {}, h("label.field__label", { for: id }, label), input) };
}

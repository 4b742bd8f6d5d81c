// Linking this phone to one's own file: the end of the ID number, typed once.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { Problem } from "../../../lib/problems.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { field } from "../../identity/field.js";

export const linkCaregiver = {
  title: () => t("I am a caregiver"),
  parent: "/caregiver",

  view(_, { perform }) {
    const input = h("input.field__input", {
      id: "id-digits", name: "id-digits", autocomplete: "off", maxlength: "12", autocapitalize: "characters",
    });
    const hint = t("They tell us which file is yours.");
    const digits = field({ input, label: t("The last six of your ID number"), hint });
    const link = button(t("Show my file"), { type: "submit" });
    link.setAttribute("form", "link");
    const form = h("form.stack", { id: "link", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      const typed = input.value.replace(/\s/g, "");
      if (typed.length < 6) {
        digits.refuse(t("Please type six characters."));
        return;
      }
      digits.accept();
      perform(link, () => send(typed), (problem) => showAtField(digits, problem));
    } }, h("p", {}, t("Your employer has put this phone's number into your file.")), digits.element);
    return { body: form, action: actionBar(link) };
  },
};

async function send(typed) {
  await act("POST", "/caregiver/link", { id_digits: typed });
  sayNext(t("This is your file."));
  go("/caregiver", {}, { replace: true });
}

function showAtField(digits, problem) {
  const isOurs = problem instanceof Problem && [422, 429].includes(problem.status);
  if (isOurs) digits.refuse(problem.facts.detail);
  return isOurs;
}

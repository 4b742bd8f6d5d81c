// A labelled input with its hint and its error; the error takes the focus to the input.

import { h, icon } from "../../lib/dom.js";

export function field({ input, label, hint }) {
  const hintId = `${input.id}-hint`;
  const errorId = `${input.id}-error`;
  const error = h("p.field__error", { id: errorId, role: "alert", hidden: true });
  input.setAttribute("aria-describedby", hintId);
  const element = h("div.field", {},
    h("label.field__label", { for: input.id }, label), h("p.field__hint", { id: hintId }, hint), error, input);

  const accept = () => {
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", hintId);
    error.hidden = true;
  };
  const refuse = (sentence) => {
    error.replaceChildren(icon("danger"), h("span", {}, sentence));
    error.hidden = false;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${hintId} ${errorId}`);
    input.focus();
  };
  return { element, input, accept, refuse };
}

// One of a few, applied at the touch.

import { h } from "../../lib/dom.js";

/** `choices` is [[value, label, note?], …]; `onChoose(value)` is called at once. */
export function radioCards({ legend, name, choices, chosen, onChoose }) {
  return h("fieldset.radio-cards", {}, h("legend.radio-cards__legend", {}, legend),
    choices.map(([value, label, note]) => h("label.radio-card", {},
      h("input.radio-card__input", {
        type: "radio", name, value, checked: value === chosen, onchange: () => onChoose(value),
      }),
      h("span.radio-card__body", {}, h("span", {}, label, note && h("span.radio-card__note", {}, note))))));
}

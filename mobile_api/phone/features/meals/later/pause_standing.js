// No meals for some days: from when to when.

import { act } from "../../../lib/api.js";
import { today } from "../../../lib/clock.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { dayAfter } from "./standing_words.js";

export const pauseStanding = {
  title: () => t("No meals for some days"),
  parent: "/meals/standing",

  view(_, { params, perform }) {
    const first = dayField("first", t("First day without a meal"));
    const last = dayField("last", t("Last day without a meal"));
    const pause = button(t("Pause these days"), { iconName: "check" });
    pause.addEventListener("click", () => perform(pause, () => send(params.order, first.input, last.input)));
    return {
      body: [
        first.field, last.field,
        h("p.soft", {}, t("What is booked for these days is cancelled and costs nothing.")),
      ],
      action: actionBar(pause),
    };
  },
};

function dayField(name, label) {
  const tomorrow = dayAfter(today());
  const asked = { id: name, name, type: "date", min: today(), value: tomorrow, required: true };
  const input = h("input.field__input", asked);
  return { input, field: h("div.field", {}, h("label.field__label", { for: name }, label), input) };
}

async function send(order, first, last) {
  const body = { starts_on: first.value, ends_on: dayAfter(last.value || first.value) };
  await act("POST", `/standing-orders/${order}/pauses`, body);
  sayNext(t("Your meals are paused."));
  go(`/meals/standing/${order}`, {}, { replace: true });
}

// What was wrong with a meal: one tap says it, words may be added before.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft, remember } from "../../../lib/draft.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { button, callButton } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { field } from "../../identity/field.js";
import { kindWords } from "./meal_voices.js";

const KINDS = ["taste", "cold", "late", "short", "attitude", "unclean", "other"];
// There is nothing to choose: of a meal that was not collected, or what could be better.
const ONE_KIND = { suggestion: "suggestion", missed: "other" };

export const mealComplaint = {
  title: ({ query }) => titleOf(query.kind),
  parent: "/bookings/past",

  view(_, { params, query, perform }) {
    const input = h("textarea.field__input", { id: "meal-words", name: "meal-words", rows: "3", maxlength: "400" });
    remember(input, "meal-words");
    const hint = t("The canteen and the county read it.");
    const words = field({ input, label: t("In your own words, if you like"), hint });
    const only = ONE_KIND[query.kind];
    const presses = (only ? [only] : KINDS).map((kind) => {
      const press = button(only ? t("Send") : kindWords(kind), { kind: only ? "go" : "quiet" });
      press.addEventListener("click", () => perform(press, () => say(params.booking, kind, input.value.trim())));
      return press;
    });
    const ask = !only && h("p", {}, t("Press what fits. That is sent at once."));
    const call = callButton(t("Rather speak? Call"), hotline());
    return { body: [words.element, ask, h("div.stack", {}, presses), call].filter(Boolean) };
  },
};

function titleOf(kind) {
  if (kind === "missed") return t("What happened?");
  return kind === "suggestion" ? t("What could be better?") : t("What was wrong?");
}

async function say(booking, kind, words) {
  await act("POST", `/bookings/${booking}/voices`, { kind, words });
  dropDraft("meal-words");
  sayNext(t("Thank you. You will see the answer here."));
  go("/meal-voices", {}, { replace: true });
}

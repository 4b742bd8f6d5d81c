// What I said of meals, with the answers, and the way on where an answer solved nothing.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft, remember } from "../../../lib/draft.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button, buttonLink, callButton, facts, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { dayOfYear, momentWords } from "../../../lib/words.js";
import { field } from "../../identity/field.js";

export function kindWords(kind) {
  return {
    taste: t("It did not taste good"),
    cold: t("It was cold"),
    late: t("It came late"),
    short: t("It was too little"),
    attitude: t("The people were not kind"),
    unclean: t("It was not clean"),
    other: t("Something else"),
    suggestion: t("A suggestion"),
  }[kind];
}

/** One thing that was said, with who looks into it or what was answered. */
export function voiceCard(one) {
  return h("section.card.stack", { "aria-label": kindWords(one.kind) },
    h("p", {}, h("strong", {}, kindWords(one.kind)), one.words ? ` · ${one.words}` : ""),
    facts([
      ["clock", t("Said on"), momentWords(one.said_at)],
      !one.answered_at && ["info", t("Who looks into it"), one.is_with_county ? t("The county") : one.site_name],
      !one.answered_at && ["clock", t("Answered by"), dayOfYear(one.due_on)],
    ].filter(Boolean)),
    one.answered_at && notice("good", t("The answer"), h("p", {}, one.answer)),
    one.can_follow_up && buttonLink(t("Not solved"), `/meal-voices/${one.id}/again`, { kind: "quiet" }));
}

export const mealVoices = {
  title: () => t("What I said of meals"),
  parent: "/bookings",
  backToParent: true,
  load: ({ read }) => read("/meal-voices"),

  view({ items }) {
    if (items.length === 0) {
      return { body: [bigState("empty", [t("You have not said anything of a meal yet.")])] };
    }
    return { body: [...items.map(voiceCard), callButton(t("Rather speak? Call"), hotline())] };
  },
};

export const mealNotSolved = {
  title: () => t("What is not solved?"),
  parent: "/meal-voices",
  load: ({ read }) => read("/meal-voices"),

  view({ items }, { params, perform }) {
    const one = items.find((each) => String(each.id) === params.voice);
    if (!one || !one.can_follow_up) return { redirect: ["/meal-voices", {}] };
    const input = h("textarea.field__input", { id: "meal-again", name: "meal-again", rows: "3", maxlength: "400" });
    remember(input, "meal-again");
    const hint = t("The county reads it and looks into it.");
    const words = field({ input, label: t("In your own words, if you like"), hint });
    const send = button(t("Send"));
    send.addEventListener("click", () => perform(send, async () => {
      await act("POST", `/meal-voices/${one.id}/follow-up`, { words: input.value.trim() });
      dropDraft("meal-again");
      sayNext(t("Thank you. The county looks into it."));
      go("/meal-voices", {}, { replace: true });
    }));
    return { body: [words.element], action: actionBar(send) };
  },
};

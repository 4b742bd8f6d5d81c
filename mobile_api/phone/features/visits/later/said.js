// What I said of my care: the answer, and the way on where it solved nothing.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft, remember } from "../../../lib/draft.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, callButton, facts, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { dayOfYear, momentWords } from "../../../lib/words.js";
import { field } from "../../identity/field.js";

async function load({ params, read }) {
  const { items } = await read("/care-wishes");
  return items.find((one) => String(one.id) === params.wish);
}

export const saidWish = {
  title: () => t("What I said"),
  parent: "/visits",
  backToParent: true,
  load,

  view(one) {
    if (!one) return { redirect: ["/visits", {}] };
    return {
      body: [
        h("section.card", { "aria-label": t("What I said") }, h("p", {}, one.words), facts([
          ["clock", t("Said on"), momentWords(one.asked_at)],
          ["info", t("Who looks into it"), one.is_with_county ? t("The county") : one.site_name],
          !one.answered_at && one.due_on && ["clock", t("Answered by"), dayOfYear(one.due_on)],
        ].filter(Boolean))),
        one.answered_at ? notice("good", t("The answer"), h("p", {}, one.answer))
          : notice("info", t("Being looked into"), t("You will see the answer here.")),
        one.can_follow_up && buttonLink(t("Not solved"), `/visits/said/${one.id}/again`, { kind: "quiet" }),
        callButton(t("Rather speak? Call"), hotline()),
      ].filter(Boolean),
    };
  },
};

export const notSolved = {
  title: () => t("What is not solved?"),
  parent: "/visits",
  load,

  view(one, { perform }) {
    if (!one || !one.can_follow_up) return { redirect: ["/visits", {}] };
    const input = h("textarea.field__input", { id: "not-solved", name: "not-solved", rows: "4", maxlength: "400" });
    remember(input, "not-solved");
    const words = field({ input, label: t("In your own words"), hint: t("The county reads it and looks into it.") });
    const send = button(t("Send"));
    send.addEventListener("click", () => {
      if (input.value.trim().length < 2) return words.refuse(t("Please write a few words."));
      words.accept();
      return perform(send, () => say(one, input.value.trim()));
    });
    return { body: [words.element, callButton(t("Rather speak? Call"), hotline())], action: actionBar(send) };
  },
};

async function say(one, words) {
  await act("POST", `/care-wishes/${one.id}/follow-up`, { words });
  dropDraft("not-solved");
  sayNext(t("Thank you. The county looks into it."));
  go("/visits", {}, { replace: true });
}

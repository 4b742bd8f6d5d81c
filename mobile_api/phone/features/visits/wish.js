// A word to the provider: asking for a change, or complaining; the county reads it, too.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { dropDraft, remember } from "../../lib/draft.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, callButton } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { field } from "../identity/field.js";

export const wish = {
  title: ({ query }) => (query.kind === "change" ? t("What shall be changed?") : t("What was wrong?")),
  parent: "/visits",

  view(_, { params, query, perform }) {
    const input = h("textarea.field__input", { id: "care-wish", name: "care-wish", rows: "4", maxlength: "400" });
    remember(input, "care-wish");
    const words = field({ input, label: t("In your own words"), hint: t("Your provider and the county read it.") });
    const send = button(t("Send"));
    send.addEventListener("click", () => {
      if (input.value.trim().length < 2) return words.refuse(t("Please write a few words."));
      words.accept();
      return perform(send, () => say(params.visit, query.kind, input.value.trim()));
    });
    return { body: [words.element, callButton(t("Rather speak? Call"), hotline())], action: actionBar(send) };
  },
};

async function say(visit, kind, words) {
  await act("POST", `/care-visits/${visit}/wishes`, { kind: kind === "change" ? "change" : "complaint", words });
  dropDraft("care-wish");
  sayNext(t("Thank you. You will be called."));
  go("/visits", {}, { replace: true });
}

// No to a quote, with a reason if one wishes: the contractor makes another.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft, remember } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { field } from "../../identity/field.js";

const DRAFT = "renovation-no";

export const declineRenovation = {
  title: () => t("Not like this?"),
  parent: "/care/renovations",

  load: ({ params, read }) => read(`/renovations/${params.renovation}`),

  view(one, { perform }) {
    const input = h("textarea.field__input", { id: DRAFT, name: DRAFT, rows: "3", maxlength: "200" });
    remember(input, DRAFT);
    const words = field({ input, label: t("What should be different?"), hint: t("You may leave it empty.") });
    const no = button(t("Ask for another price"));
    no.addEventListener("click", () => perform(no, () => decline(one, input.value.trim())));
    const back = buttonLink(t("Back to the price"), `/care/renovations/${one.id}`, { kind: "quiet" });
    return {
      body: [notice("info", t("Nothing is built. The contractor makes another price.")), words.element],
      action: actionBar(no, back),
    };
  },
};

async function decline(one, reason) {
  await act("POST", `/renovations/${one.id}/refusal`, { quote_id: one.quote ? one.quote.id : 1, reason });
  dropDraft(DRAFT);
  sayNext(t("That is done."));
  go(`/care/renovations/${one.id}`, {}, { replace: true });
}

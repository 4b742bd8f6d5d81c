// Saying that an amount is wrong, while the list is on show.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { dropDraft, remember } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { money } from "../../../lib/words.js";
import { field } from "../../identity/field.js";
import { HOME, monthWords, pathOfLine } from "./subsidy_words.js";

export const objectToLine = {
  title: () => t("Something is wrong"),
  parent: HOME,

  load: ({ read, params }) => read(`/subsidies/${params.run}/lines/${params.line}`),

  view(line, { perform }) {
    const draft = `subsidy-${line.run_id}-${line.number}`;
    const input = h("textarea.field__input", { id: draft, name: draft, rows: "4", maxlength: "400" });
    remember(input, draft);
    const words = field({ input, label: t("What is wrong?"), hint: t("For instance: I was there all month.") });
    const send = button(t("Say so"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, async () => {
      await act("POST", `/subsidies/${line.run_id}/lines/${line.number}/objection`, { said: input.value.trim() });
      dropDraft(draft);
      sayNext(t("We have it. You are answered within some working days."));
      go(pathOfLine(line), {}, { replace: true });
    }));
    return {
      body: [
        h("section.card.stack", {}, h("h2", {}, line.programme_name),
          h("p", {}, `${monthWords(line.month)} · ${money(line.amount_fen)}`)),
        words.element,
      ],
      action: actionBar(send),
    };
  },
};

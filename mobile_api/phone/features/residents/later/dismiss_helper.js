// Taking a helper's right back, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";

export const dismissHelper = {
  title: ({ query }) => t("Shall {name} no longer help you?", { name: query.name || t("A helper") }),
  parent: "/help/helpers",

  view(_, { params, query, perform }) {
    const end = button(t("No longer"), { kind: "danger" });
    end.addEventListener("click", () => perform(end, () => dismiss(params.grant, query)));
    const keep = { kind: "quiet", query: { resident: query.resident } };
    return {
      body: notice("look", t("From now on this phone can do nothing for you."), t("What is booked stays booked.")),
      action: actionBar(end, buttonLink(t("Keep the helper"), "/help/helpers", keep)),
    };
  },
};

async function dismiss(grant, { resident }) {
  await act("DELETE", `/residents/${resident}/helpers/${grant}`, undefined);
  sayNext(t("That is done."));
  go("/help/helpers", { resident }, { replace: true });
}

// Taking a renovation back, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";

export const withdrawRenovation = {
  title: () => t("Take it back?"),
  parent: "/care/renovations",

  view(_, { params, perform }) {
    const end = button(t("I do not want it any more"), { kind: "danger" });
    end.addEventListener("click", () => perform(end, () => withdraw(params.renovation)));
    const keep = buttonLink(t("Keep it"), `/care/renovations/${params.renovation}`, { kind: "quiet" });
    return {
      body: notice("look", t("Nothing will be built in your home."), t("You can ask again later.")),
      action: actionBar(end, keep),
    };
  },
};

async function withdraw(renovation) {
  await act("POST", `/renovations/${renovation}/end`, {});
  sayNext(t("That is done."));
  go("/care/renovations", {}, { replace: true });
}

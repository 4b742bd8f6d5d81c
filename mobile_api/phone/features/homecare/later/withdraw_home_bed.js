// Taking a care bed at home back, asked on a page of its own.

import { act } from "../../../lib/api.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";

export const withdrawHomeBed = {
  title: () => t("Take it back?"),
  parent: "/care/home-beds",

  view(_, { params, perform }) {
    const end = button(t("I do not want it any more"), { kind: "danger" });
    end.addEventListener("click", () => perform(end, () => withdraw(params.bed)));
    const keep = buttonLink(t("Keep it"), `/care/home-beds/${params.bed}`, { kind: "quiet" });
    return {
      body: notice("look", t("Nobody will come to care for you at home."), t("You can ask again later.")),
      action: actionBar(end, keep),
    };
  },
};

async function withdraw(bed) {
  await act("POST", `/home-beds/${bed}/end`, {});
  sayNext(t("That is done."));
  go("/care/home-beds", {}, { replace: true });
}

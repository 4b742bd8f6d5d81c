// An address that leads nowhere.

import { t } from "../../lib/i18n.js";
import { actionBar, bigState, buttonLink } from "../../lib/parts.js";

export const missing = {
  title: () => t("There is no such page"),
  parent: "/",
  open: true,

  view: () => ({
    body: bigState("empty", [t("The address may be mistyped. Your bookings are safe.")]),
    action: actionBar(buttonLink(t("Home"), "/")),
  }),
};

// What Yinling is.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";

export const about = {
  title: () => t("About Yinling"),
  parent: "/help",
  open: true,

  view: () => ({
    body: h("div.prose", {}, [
      t("Yinling is your city's service for elders: meals, care and subsidies in one place."),
      t("Whatever you do here, a person at the community office or on the telephone can also do for you."),
      t("What you have seen stays on this phone, so that your meal code also works without a network."),
    ].map((line) => h("p", {}, line))),
  }),
};

// How strongly letters stand out from the page.

import { t } from "../../lib/i18n.js";
import { contrast, setContrast } from "../../lib/settings.js";
import { radioCards } from "./radio_cards.js";

export const contrastSetting = {
  title: () => t("Stronger contrast"),
  parent: "/help",
  open: true,

  view: () => ({
    body: radioCards({
      legend: t("How should letters stand out from the page?"),
      name: "contrast",
      chosen: contrast(),
      onChoose: setContrast,
      choices: [
        ["normal", t("Gentle"), t("Soft paper, dark ink")],
        ["high", t("Strong"), t("Black and white, thick lines")],
      ],
    }),
  }),
};

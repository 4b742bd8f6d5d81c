// How large the letters are; each choice is written in its own size.

import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { setTextSize, textSize } from "../../lib/settings.js";
import { radioCards } from "./radio_cards.js";

export const textSizeSetting = {
  title: () => t("Text size"),
  parent: "/help",
  open: true,

  view: () => ({
    body: [
      radioCards({
        legend: t("How large should the letters be?"),
        name: "text-size",
        chosen: textSize(),
        onChoose: setTextSize,
        choices: [["normal", t("Large")], ["large", t("Larger")], ["largest", t("Largest")]].map(inItsSize),
      }),
      h("section.card", { "aria-label": t("Example") },
        h("p", {}, t("Today there is braised pork, green vegetables and egg soup."))),
    ],
  }),
};

function inItsSize([size, word]) {
  return [size, h(`span.text-sample.text-sample--${size}`, {}, word)];
}

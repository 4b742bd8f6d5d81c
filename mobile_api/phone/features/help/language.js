// 中文 or English; the phone switches at once, the account learns it as well.

import { act } from "../../lib/api.js";
import { isSignedIn } from "../../lib/account.js";
import { language, t, useLanguage } from "../../lib/i18n.js";
import { visit } from "../../lib/keep.js";
import { reopen } from "../../lib/router.js";
import { radioCards } from "./radio_cards.js";

export const languageSetting = {
  title: () => t("Language"),
  parent: "/help",
  open: true,

  view: () => ({
    body: radioCards({
      legend: t("Which language would you like to read?"),
      name: "language",
      chosen: language(),
      onChoose: choose,
      choices: [["zh-CN", "中文"], ["en", "English"]],
    }),
  }),
};

async function choose(name) {
  await useLanguage(name);
  visit.set("yinling.language-chosen", name);
  if (isSignedIn()) act("PATCH", "/me", { language: name }).catch(() => null); // this phone has it in any case
  reopen();
}

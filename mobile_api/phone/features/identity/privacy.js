// The privacy notice in force: what is known, what for, who sees it, what one can ask for.

import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { callButton } from "../../lib/parts.js";
import { prose } from "../consents/consent_words.js";

export const privacy = {
  title: () => t("How we treat what we know about you"),
  parent: "/sign-in",
  open: true,

  load: ({ read }) => read("/consent-texts/notice"),

  view: (text) => ({
    body: [prose(text), callButton(t("Questions? Call"), hotline())],
  }),
};

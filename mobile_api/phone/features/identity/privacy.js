// The privacy note: what is known, what for, who sees it, what one can ask for.

import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { callButton } from "../../lib/parts.js";

export const privacy = {
  title: () => t("How we treat what we know about you"),
  parent: "/sign-in",
  open: true,

  view: () => ({
    body: [h("div.prose", {}, paragraphs()), callButton(t("Questions? Call"), hotline())],
  }),
};

function paragraphs() {
  return [
    t("We keep your phone number, your name and your age, so that the canteen knows you and the subsidy is right."),
    t("We keep your bookings and what each meal cost, so that every yuan of subsidy can be checked."),
    t("The canteen sees your name and your booking; it does not see your identity number."),
    t("Whoever opens your file has to say why, and it is written down."),
    t("We do not sell anything, show no advertisements and never need your face."),
    t("You can ask to see, to correct or to erase what we know about you. Call us, or go to your community office."),
  ].map((line) => h("p", {}, line));
}

// One certificate, with the code by which anybody can check it.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { facts, notice } from "../../../lib/parts.js";
import { qrCode } from "../../../lib/qr.js";
import { dayOfYear } from "../../../lib/words.js";
import { levelWords, standingWords } from "./caregiver_words.js";
import { lasting } from "./certificates.js";

export const certificate = {
  title: () => t("My certificate"),
  parent: "/caregiver/certificates",
  load: ({ read }) => read("/caregiver"),

  view(file, { params }) {
    const one = file.certificates.find((each) => String(each.id) === params.certificate);
    if (!one) return { redirect: ["/caregiver/certificates", {}] };
    return { title: levelWords(one.level), body: [
      notice(one.standing === "good" ? "good" : "danger", standingWords(one.standing), lasting(one)),
      h("section.card.stack", { "aria-label": t("The code") },
        h("div.meal-code--large", {}, h("div.meal-code__code", {},
          h("span.meal-code__qr", {}, qrCode(one.qr_modules, t("QR code of this certificate"))))),
        h("p", {}, t("Whoever scans it sees whether the certificate is good, and your name and number with stars."))),
      h("section.card", { "aria-label": t("The certificate") }, facts([
        ["booking", t("Number"), one.number],
        ["building", t("Issued by"), one.issuer],
        ["clock", t("Issued on"), dayOfYear(one.issued_on)],
        ["shield", t("Checked by the bureau"), one.is_verified ? t("yes") : t("not yet")],
      ])),
    ] };
  },
};

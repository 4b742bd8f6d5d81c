// One amount: how far it has come, what follows, and how it came about, sentence by sentence.

import { h, icon } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, buttonLink, notice } from "../../../lib/parts.js";
import { money } from "../../../lib/words.js";
import {
  HOME, lineBadge, monthWords, nextOfLine, pathOfLine, payeeWords, section, toldSentence,
} from "./subsidy_words.js";

export const subsidyLine = {
  title: () => t("Where this amount comes from"),
  parent: HOME,
  backToParent: true,

  load: ({ read, params }) => read(`/subsidies/${params.run}/lines/${params.line}`),

  view(line) {
    const next = nextOfLine(line);
    const object = buttonLink(t("Something is wrong"), `${pathOfLine(line)}/wrong`, { iconName: "message" });
    return {
      body: [
        h("section.card.stack", { "aria-label": line.programme_name },
          h("h2", {}, line.programme_name),
          line.state !== "refused" && h("p.purse__left", {}, money(line.amount_fen)),
          h("p", {}, `${line.person_name} · ${monthWords(line.month)}`),
          h("p", {}, lineBadge(line)),
          line.is_correction && h("p", {}, t("This puts right what was paid before.")),
          line.state !== "refused" && h("p", {}, payeeWords(line))),
        next && notice(line.state === "failed" ? "look" : "info", next),
        line.state === "taken_back" && buttonLink(t("To be paid back"), `${HOME}/owed`, { kind: "quiet" }),
        line.notice_code && publicList(line.notice_code),
        line.state === "refused" && section(t("Why not"), line.reasons.map((one) => h("p", {}, one))),
        line.brief.length > 0 && line.state !== "refused"
          && section(t("How it was reckoned"), h("ol.stack", {}, line.brief.map(toldSentence))),
        h("details.fold", {}, h("summary.fold__head", {}, t("All of it, step by step")),
          h("ol.stack", {}, line.sentences.map(toldSentence))),
      ].filter(Boolean),
      action: line.can_object ? actionBar(object) : undefined,
    };
  },
};

/** A page for everybody, beside the app. */
function publicList(code) {
  return h("a.button.button--quiet.button--wide", { href: `/public/notices/${code}` },
    icon("people"), h("span", {}, t("See the whole list")));
}

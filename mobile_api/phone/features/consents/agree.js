// The first thing after signing in: what is known and what for, and whether one agrees.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, buttonLink, callButton, notice } from "../../lib/parts.js";
import * as seen from "../../lib/seen.js";
import { signOutNow } from "../help/sign_out.js";
import { goWhereTheyWanted } from "../identity/sign_in_code.js";
import { wholeText } from "./consent_words.js";

export const agree = {
  title: () => t("May we keep this about you?"),
  parent: null,

  async load({ read }) {
    const fresh = { keep: false };
    const [asked, text] = await Promise.all([read("/consents", {}, fresh), read("/consent-texts/notice", {}, fresh)]);
    return { text, items: asked.items };
  },

  view({ text, items }, { perform }) {
    const [first, ...apart] = items;
    if (first.is_given) {
      noticeIsRead();
      return { redirect: ["/", {}] };
    }
    const boxes = apart.map((item) => [item, box(item, apart)]);
    const go = button(t("I agree, go on"));
    go.addEventListener("click", () => perform(go, () => send(first, boxes)));
    return {
      body: [
        h("p.strong", {}, text.summary), wholeText(text), optional(boxes),
        buttonLink(t("I do not agree"), "/agree/no", { kind: "quiet" }),
      ],
      action: actionBar(go),
    };
  },
};

export const disagree = {
  title: () => t("You do not agree"),
  parent: "/agree",

  load: ({ read }) => read("/consent-texts/notice", {}, { keep: false }),

  view(text, { perform }) {
    const leave = button(t("Sign out"), { kind: "warn", iconName: "leave" });
    leave.addEventListener("click", () => perform(leave, signOutNow));
    return {
      body: [notice("info", t("That is all right."), text.stops), callButton(t("Hotline"), hotline())],
      action: actionBar(leave, buttonLink(t("Read it again"), "/agree")),
    };
  },
};

/** Separate consents stand apart from the notice, and none is ticked for the reader. */
function optional(boxes) {
  if (boxes.length === 0) return null;
  return h("fieldset.radio-cards", {},
    h("legend.radio-cards__legend", {}, t("If you like, tick these too. You need not.")),
    boxes.map(([, element]) => element));
}

function box(item, all) {
  const several = new Set(all.map((one) => one.resident_id)).size > 1;
  const title = several ? t("{name}: {title}", { name: item.name, title: item.title }) : item.title;
  return h("label.radio-card", {},
    h("input.radio-card__input", { type: "checkbox", name: `${item.purpose}-${item.resident_id}` }),
    h("span.radio-card__body", {}, h("span", {}, title, h("span.radio-card__note", {}, item.summary))));
}

async function send(first, boxes) {
  const ticked = boxes.filter(([, element]) => element.querySelector("input").checked).map(([item]) => item);
  await act("POST", "/consents", { items: [first, ...ticked].map(agreementTo) });
  noticeIsRead();
  goWhereTheyWanted();
}

export function agreementTo({ purpose, version, resident_id: resident }) {
  return resident ? { purpose, version, resident_id: resident } : { purpose, version };
}

/** What was seen of oneself says no longer that the notice is to be shown. */
function noticeIsRead() {
  seen.amend("/me", (me) => ("is_notice_due" in me ? { ...me, is_notice_due: false } : me));
}

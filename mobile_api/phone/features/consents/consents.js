// What I have agreed to: each thing with its words, to give and to take back.

import { act } from "../../lib/api.js";
import { dayOf } from "../../lib/clock.js";
import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { actionBar, badge, button, callButton, facts, linkRow, list, notice } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { dayOfYear } from "../../lib/words.js";
import { agreementTo } from "./agree.js";
import { addressOf, prose } from "./consent_words.js";

export const consents = {
  title: () => t("Privacy and consents"),
  parent: "/help",

  load: ({ read }) => read("/consents", {}, { keep: false }),

  view: ({ items }) => ({
    body: [
      h("p", {}, t("What you have agreed to. You can take it back at any time.")),
      list(items.map(row)),
      callButton(t("Questions? Call"), hotline()),
    ],
  }),
};

export const consent = {
  title: () => t("Privacy and consents"),
  parent: "/help/consents",

  async load({ read, params, query }) {
    const fresh = { keep: false };
    const [text, asked] = await Promise.all([
      read(`/consent-texts/${params.purpose}`, {}, fresh), read("/consents", {}, fresh),
    ]);
    const isIt = (one) => one.purpose === params.purpose && String(one.resident_id || "") === (query.resident || "");
    return { text, item: asked.items.find(isIt) };
  },

  view({ text, item }, { perform }) {
    if (!item) return { redirect: ["/help/consents", {}] };
    return {
      title: item.title,
      body: [item.name && h("p.for-whom", {}, item.name), standing(item), prose(text)],
      action: item.purpose === "notice" ? null : actionBar(deed(item, perform)),
    };
  },
};

function row(item) {
  return linkRow({
    ...addressOf(item),
    lead: "privacy",
    title: item.title,
    notes: [item.name],
    extra: item.is_given ? badge(t("Agreed"), "good") : badge(t("Not agreed"), "look"),
  });
}

function standing(item) {
  if (!item.is_given) return notice("info", t("You have not agreed to this."), item.stops);
  const day = dayOfYear(dayOf(new Date(item.given_at)));
  return h("div.stack", {},
    facts([["check", t("Agreed on"), day], ["info", t("How"), howWords(item.how)]]),
    item.purpose !== "notice" && notice("look", t("If you take it back"), item.stops));
}

function howWords(how) {
  return { app: t("on the phone"), window: t("by word, at the window"), paper: t("on paper") }[how] || "";
}

function deed(item, perform) {
  const pressed = item.is_given ? button(t("Take it back"), { kind: "warn" }) : button(t("I agree"));
  const change = item.is_given ? () => act("DELETE", `/consents/${item.id}`, undefined) : () => give(item);
  pressed.addEventListener("click", () => perform(pressed, async () => {
    await change();
    sayNext(t("That is done."));
    go("/help/consents", {}, { replace: true });
  }));
  return pressed;
}

function give(item) {
  return act("POST", "/consents", { items: [agreementTo(item)] });
}

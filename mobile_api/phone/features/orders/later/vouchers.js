// My vouchers: what is left this month and until when, in large; then the way to order.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, buttonLink, list, stillRow } from "../../../lib/parts.js";
import { dayWords, money } from "../../../lib/words.js";
import { entitlementWords, programmeWords } from "./order_words.js";

export const vouchers = {
  title: () => t("My vouchers"),
  parent: "/care",

  async load({ read }) {
    const [me, mine] = await Promise.all([read("/me"), read("/care-allowances", {}, { keep: false })]);
    return { me, mine };
  },

  view({ me, mine }) {
    const names = me.residents.length > 1 ? namesOf(me) : {};
    const asked = mine.entitlements.filter((one) => one.state !== "ended");
    const order = buttonLink(t("Order somebody to come"), "/orders/new", { iconName: "care" });
    return {
      body: [
        mine.allowances.length + asked.length === 0 && nothing(),
        mine.allowances.map((one) => purse(one, names[one.resident_id])),
        asked.length > 0 && section(asked, names),
        h("div.stack", {},
          buttonLink(t("What I ordered"), "/orders", { kind: "quiet", iconName: "booking" }),
          buttonLink(t("Ask for a voucher"), "/vouchers/apply", { kind: "quiet", iconName: "money" })),
      ].flat().filter(Boolean),
      action: actionBar(order),
    };
  },
};

function namesOf(me) {
  return Object.fromEntries(me.residents.map((one) => [one.id, one.name]));
}

function purse(one, name) {
  const title = [programmeWords(one.programme), name].filter(Boolean).join(" · ");
  return h("section.card.purse", { "aria-label": title },
    h("h2.purse__name", {}, title),
    h("p.purse__left", {}, t("{amount} left", { amount: money(one.left_fen) })),
    h("p.purse__until", {}, t("Use it until {day}. What is left then is gone.", { day: dayWords(one.until) })),
    one.reserved_fen > 0 && h("p.soft", {},
      t("{amount} is kept for what you ordered.", { amount: money(one.reserved_fen) })));
}

function section(asked, names) {
  const rows = asked.map((one) => stillRow({
    lead: "money",
    title: [programmeWords(one.programme), names[one.resident_id]].filter(Boolean).join(" · "),
    notes: [one.state === "refused" && one.note, one.starts_on && t("From {day} on", { day: dayWords(one.starts_on) })],
    extra: badge(entitlementWords(one.state), one.state === "granted" ? "good" : "look"),
  }));
  return h("section.stack", {}, h("h2", {}, t("What you asked for")), list(rows));
}

function nothing() {
  return bigState("care", [t("A voucher pays half of a visit at home, up to 800 yuan a month."),
    t("You have none yet. You can order without one too, and pay yourself.")]);
}

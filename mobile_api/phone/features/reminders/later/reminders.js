// My reminders: what is open comes first, each with what to do about it, from here where the phone
// can do it; what is put right shows so.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, bigState, buttonLink, callButton, list, stillRow } from "../../../lib/parts.js";
import { dayOfYear } from "../../../lib/words.js";
import { mending } from "../../caregivers/later/caregiver_words.js";

export const reminders = {
  title: () => t("My reminders"),
  parent: "/help",

  load: ({ read }) => read("/caregiver/reminders", {}, { keep: false }),

  view({ items }) {
    if (!items.length) return { body: [nothing()] };
    const latest = latestOfEach(items);
    const open = latest.filter((one) => one.state === "open");
    const rest = latest.filter((one) => one.state !== "open");
    const site = items.find((one) => one.site_phone);
    return {
      body: [
        open.length > 0 && h("section.stack", {}, h("h2", {}, t("To do")), list(open.map(toDo))),
        rest.length > 0 && h("section.stack", {}, h("h2", {}, t("Settled")), list(rest.map(row))),
        site && callButton(t("Ask {site}", { site: site.site_name }), site.site_phone),
      ].filter(Boolean),
    };
  },
};

function nothing() {
  return bigState("care", [t("Nothing to remind you of."),
    t("We write to you before a certificate, a contract or a claim ends.")]);
}

/** Of several reminders of one thing the last is enough. */
function latestOfEach(items) {
  const seen = new Set();
  return items.filter((one) => {
    const thing = [one.kind, one.about_on, one.programme, one.number].join("/");
    return !seen.has(thing) && seen.add(thing);
  });
}

/** What is open, and the way to send the paper that mends it. */
function toDo(one) {
  const mend = mending({ code: paperOf(one) });
  return h("div.stack", {}, row(one),
    mend && buttonLink(mend.label, "/caregiver/send", { kind: "quiet", query: { kind: mend.kind } }));
}

/** The one paper that can be photographed for it, as a file's gaps are called. */
function paperOf(one) {
  if (one.kind === "certificate") return "certificate_ending";
  if (one.kind !== "papers") return "";
  return { certificate: "certificate", degree: "education" }[
    one.missing.find((code) => code === "certificate" || code === "degree")] || "";
}

function row(one) {
  return stillRow({
    lead: one.state === "done" ? "check" : "clock",
    title: titleOf(one),
    notes: one.state === "open" ? [dayOf(one), doOf(one)] : [dayOf(one)],
    extra: badge(stateWords(one.state), one.state === "done" ? "good" : "look"),
  });
}

function titleOf(one) {
  return {
    certificate: t("Skill certificate ends"),
    contract: t("Labour contract ends"),
    window_opens: t("Claims are taken"),
    window_closes: t("Claims close"),
    papers: t("Papers are missing"),
    instalment: t("Entry reward, instalment {number}", { number: one.number }),
    education: t("Continuing education is short"),
    attendance: t("Days at work are short"),
  }[one.kind];
}

function dayOf(one) {
  return t("Day: {day}", { day: dayOfYear(one.about_on) });
}

function doOf(one) {
  return {
    certificate: t("Renew it, and give the new one to your employer to enter."),
    contract: t("Agree on a new contract before this day."),
    window_opens: t("Ask your employer to claim for you."),
    window_closes: t("If nobody has claimed for you yet, ask your employer today."),
    papers: t("Bring: {papers}.", { papers: one.missing.map(paperWords).join(t(", ")) }),
    instalment: t("Ask your employer to claim it when the day has come."),
    education: t("{hours} of {needed} hours so far. Sign up for a course.",
      { hours: one.hours, needed: one.needed }),
    attendance: t("{days} of {needed} days so far. If a day is missing, tell your employer.",
      { days: one.days, needed: one.needed }),
  }[one.kind];
}

function paperWords(code) {
  return {
    degree: t("a recognised degree"),
    contract: t("a labour contract as it is asked for"),
    payee: t("your bank account"),
    certificate: t("a valid skill certificate"),
    certificate_proof: t("a photo of your skill certificate"),
  }[code];
}

function stateWords(state) {
  return { open: t("open"), done: t("put right"), over: t("over") }[state];
}

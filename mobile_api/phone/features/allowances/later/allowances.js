// My allowances: this month so far and what is missing, what can be claimed, the steps of the reward.

import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, bigState, buttonLink, linkRow, list } from "../../../lib/parts.js";
import { dayOfYear, money } from "../../../lib/words.js";
import { HOME, missingOf, papersOf, pathOfOne, periodRow, readOwn, section, stateBadge } from "./allowance_words.js";

export const allowances = {
  title: () => t("My allowances"),
  parent: "/help",

  load: ({ read }) => readOwn(read),

  view(own) {
    if (!own.is_caregiver) {
      return { body: bigState("care", [t("This page is for caregivers."),
        t("If you are one, ask your home to put this phone number into your file.")]) };
    }
    return {
      body: [
        own.claimable.map(claimCard),
        own.month.map(monthCard),
        stepsOf(own.steps),
        section(t("This year"), list([linkRow({
          path: `${HOME}/year`, lead: "clock",
          title: t("{year}: {amount}", { year: own.year, amount: money(own.year_fen) }),
          notes: [t("What the months that are over come to")],
        })])),
        own.claims.length > 0 && section(t("What you claimed"), list(own.claims.map(claimRow))),
      ].flat().filter(Boolean),
    };
  },
};

function monthCard(one) {
  const missing = missingOf(one);
  const title = t("{programme}, this month", { programme: one.programme_name });
  return h("section.card.stack", { "aria-label": title },
    h("h2", {}, title),
    h("p", {}, missing.length > 0 ? badge(t("Something is missing")) : stateBadge(one), " ",
      one.standard_fen > 0 && money(one.standard_fen), " ", one.band_name),
    missing.length > 0 ? missing : h("p", {}, t("Everything is there so far.")),
    buttonLink(t("Every reason"), pathOfOne(one), { kind: "quiet" }));
}

function claimCard(one) {
  const when = one.closes_on
    ? t("Claims are taken until {day}.", { day: dayOfYear(one.closes_on) })
    : one.opens_on && t("Claims are taken from {day} on.", { day: dayOfYear(one.opens_on) });
  const title = t("{programme} to claim", { programme: one.programme_name });
  return h("section.card.stack", { "aria-label": title },
    h("h2", {}, title),
    h("p.purse__left", {}, money(one.amount_fen)),
    when && h("p", {}, when),
    papersOf(one.missing),
    one.may_claim && buttonLink(t("Claim it"), `${HOME}/claim/${one.programme}`, { iconName: "money" }));
}

function stepsOf(steps) {
  const names = [...new Set(steps.map((one) => one.programme_name))];
  const stepsCalled = (name) => steps.filter((one) => one.programme_name === name);
  return names.map((name) => section(name, list(stepsCalled(name).map(periodRow))));
}

function claimRow(one) {
  return linkRow({
    path: `${HOME}/claims/${one.id}`,
    lead: "booking",
    title: `${one.programme_name} ${one.period.replace("/", " – ")}`,
    notes: [money(one.amount_fen), one.state === "returned" && one.words],
    extra: badge(one.state_name, one.state === "accepted" ? "good" : "look"),
  });
}

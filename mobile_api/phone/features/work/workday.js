// A care worker's day: whose door is next, with one big button; what waits to be sent; then the days ahead.

import * as account from "../../lib/account.js";
import { timeOf, today } from "../../lib/clock.js";
import { onConnectionChange } from "../../lib/connection.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, badge, bigState, button, buttonLink, linkRow, list, notice } from "../../lib/parts.js";
import { go, reopen } from "../../lib/router.js";
import { capital, dayWords } from "../../lib/words.js";
import * as photos from "./photos.js";
import * as queue from "./queue.js";
import { arrived } from "./deeds.js";
import { wayOf } from "./way.js";
import { waysTo } from "./ways.js";

export const workday = {
  title: () => t("My visits"),
  parent: null,
  recalls: true,

  async load({ read }) {
    await queue.flush().catch(() => false);
    const { items } = await read("/work-visits");
    const unsent = { waiting: queue.waiting().length, pictures: (await photos.waiting()).length };
    return { items: items.map(queue.withWaiting), ...unsent, refused: queue.refused() };
  },

  view({ items, waiting, pictures, refused }, { perform }) {
    const mine = items.filter((one) => one.state !== "cancelled");
    const now = mine.filter((one) => one.service_on === today() || one.state === "under_way");
    const next = now.find((one) => one.state === "under_way") || now.find((one) => one.state === "planned");
    const rest = mine.filter((one) => one.service_on !== today() && one.state !== "under_way");
    return {
      body: [
        ...refusedNotice(refused), waiting + pictures > 0 && waitingNotice(waiting, pictures),
        next && nextHome(next), dayOfWork(now), wayOf(now),
        section(t("Days ahead"), rest.filter((one) => one.service_on > today())),
        section(t("Days before"), rest.filter((one) => one.service_on < today())),
        signOutRow(),
      ].filter(Boolean),
      action: next ? actionBar(bigButton(next, perform)) : null,
    };
  },
};

function bigButton(next, perform) {
  if (next.state === "under_way") {
    const words = t("Left: {name}", { name: next.resident_name });
    return buttonLink(words, `/work/visits/${next.id}`, { iconName: "leave" });
  }
  const press = button(t("Arrived: {name}", { name: next.resident_name }), { iconName: "place" });
  press.addEventListener("click", () => perform(press, () => arrived(next)));
  return press;
}

/** Where to go next: the way there by the phone's own map, and a call before ringing. */
function nextHome(next) {
  const ways = waysTo(next);
  const where = h("p", {}, `${timeOf(new Date(next.starts_at))} ${next.address || ""}`);
  return ways.length > 0 && h("section.card.stack", { "aria-label": t("The next home") },
    h("h2", {}, t("Next: {name}", { name: next.resident_name || "" })), where, ...ways);
}

function dayOfWork(now) {
  if (now.length === 0) return bigState("care", [t("No visit today.")]);
  return section(t("Today"), now);
}

function section(title, visits) {
  return visits.length > 0 && h("section.stack", {}, h("h2", {}, title), list(visits.map(row)));
}

function row(visit) {
  const day = visit.service_on === today() ? "" : `${capital(dayWords(visit.service_on))} `;
  return linkRow({
    path: `/work/visits/${visit.id}`,
    lead: visit.state === "done" ? "check" : "person",
    title: `${day}${timeOf(new Date(visit.starts_at))} ${visit.resident_name || ""}`,
    notes: [visit.address, visit.tasks.map((one) => one.name).join("、")],
    extra: badge(...stateWords(visit)),
  });
}

/** The badge of a visit: what is not sent yet says so. */
export function stateWords(visit) {
  if (visit.unsent) return [t("Kept on the phone, not sent yet"), "look"];
  return {
    planned: [t("To be visited"), "info"],
    under_way: [t("You are there"), "good"],
    done: visit.is_confirmed ? [t("Done and confirmed"), "good"] : [t("Done, not confirmed yet"), "look"],
    missed: [t("Missed"), "look"],
    cancelled: [t("Called off"), "look"],
  }[visit.state];
}

function waitingNotice(count, pictures) {
  const send = button(t("Send now"), { kind: "quiet", iconName: "again", onclick: reopen });
  const words = t("It is sent by itself when there is a network.");
  const photosToo = pictures > 0 && h("p", {}, t("Photos kept on this phone: {count}", { count: pictures }));
  const title = count > 0 ? t("Kept on this phone: {count}", { count }) : t("Only photos wait to be sent");
  return h("div.stack", { role: "status" }, notice("look", title, photosToo || "", words), send);
}

function refusedNotice(refused) {
  if (refused.length === 0) return [];
  const read = button(t("I have read this"), { kind: "quiet", onclick: () => { queue.forgetRefused(); reopen(); } });
  return [...refused.map((one) => notice("danger", one.name || "", one.detail)), read];
}

function signOutRow() {
  const worker = account.worker();
  const words = t("{name}: end work on this phone", { name: worker ? worker.name : "" });
  const out = button(words, { kind: "quiet", iconName: "leave" });
  out.addEventListener("click", endWork);
  return out;
}

async function endWork() {
  await queue.flush().catch(() => false);
  if (queue.waiting().length + (await photos.waiting()).length > 0) return reopen();
  account.forget();
  go("/work/sign-in", {}, { replace: true });
}

/** When the network is back, what waits is sent, wherever in the app one is. */
onConnectionChange(async () => {
  if (!account.worker() || queue.waiting().length + (await photos.waiting()).length === 0) return;
  queue.flush().then((all) => all && reopenAtWork(), () => {});
});

function reopenAtWork() {
  if (location.pathname.includes("/work")) reopen();
}

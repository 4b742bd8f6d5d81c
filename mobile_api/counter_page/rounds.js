// A carrier's round: seal the boxes, then door by door. What is said without a network is told later.

import { timeOf } from "../lib/clock.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { shrunk } from "../lib/shrink.js";
import { drawWay } from "../lib/way.js";
import { newKey, read, Unreachable } from "./api.js";
import * as queue from "./queue.js";
import * as vault from "./vault.js";
import { dietWords, mealWords, money } from "./words.js";

const WHY_NOT = () => [t("Nobody opened"), t("Gone to hospital"), t("Did not want it")];
let rounds = null;

export async function load(canteenId) {
  try {
    rounds = (await read(`/canteens/${canteenId}/rounds`)).items;
    for (const one of queue.all()) if (one.after) after(one.after);
    await vault.set("rounds", rounds);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    rounds = rounds || (await vault.get("rounds"));
  }
}

/** The rounds of the day as elements. */
export function roundsPage({ canteenId, refresh }) {
  const holder = h("div.rounds.stack--wide", {}, h("p", {}, t("Opening…")));
  const show = () => { holder.replaceChildren(...content(show, refresh)); };
  load(canteenId).then(show, (error) => holder.replaceChildren(h("p", { role: "alert" }, error.message)));
  return holder;
}

function content(show, refresh) {
  if (!rounds) return [h("p", {}, t("There is no network, and the rounds were not loaded yet."))];
  if (rounds.length === 0) return [h("p", {}, t("No meals are carried to a door today."))];
  return rounds.map((round) => roundCard(round, show, refresh));
}

function roundCard(round, show, refresh) {
  const left = round.drops.filter((one) => one.state === "waiting").length;
  const title = t("{meal}, round {number}: {carrier}", { meal: mealWords(round.meal), number: round.number, carrier: round.carrier });
  const status = round.sealed_at
    ? t("Left at {time}; {count} still to bring", { time: timeOf(new Date(round.sealed_at)), count: left })
    : t("{count} meals, not sealed yet", { count: round.drops.length });
  return h("section.card.stack", {}, h("h2", {}, title), h("p", {}, status),
    isLate(round, left) && h("p.round__late", { role: "alert" }, icon("look"), t("On the way for more than {count} minutes.", { count: round.minutes_allowed })),
    !round.sealed_at && seal(round, show, refresh),
    wayOf(round),
    h("ol.list", {}, round.drops.map((drop) => h("li", {}, dropRow(round, drop, show, refresh)))));
}

/** Where the round goes, so far as homes are known. */
function wayOf(round) {
  const homes = round.drops.map((drop) => ({ ...drop, resident_name: drop.name }));
  return drawWay(homes, {
    title: t("The way"),
    note: t("Drawn in straight lines, north is above."),
    said: (names) => t("The homes in their order: {names}", { names }),
    metres: (count) => t("{count} m", { count }),
    kilometres: (count) => t("{count} km", { count }),
  });
}

function isLate(round, left) {
  return left > 0 && round.sealed_at && Date.now() - Date.parse(round.sealed_at) > round.minutes_allowed * 60000;
}

function seal(round, show, refresh) {
  return h("button.button.button--go.button--big.button--wide", { type: "button", onclick: () => {
    const at = new Date().toISOString();
    tell({ path: `/rounds/${round.id}/sealing`, at, name: round.carrier, body: { at }, after: { round: round.id, sealed_at: at } }, show, refresh);
  } }, icon("check"), h("span", {}, t("Sealed, we are leaving")));
}

function dropRow(round, drop, show, refresh) {
  const words = [drop.village_name, drop.address].filter(Boolean).join(" ");
  const head = h("div.list__row.list__row--still", {},
    h("span.list__text", {},
      h("span.list__title", {}, `${drop.position}. ${drop.name}`),
      h("span.list__note", {}, words),
      h("span.list__note", {}, [dietWords(drop.diet), drop.own_pay_fen ? t("Pays {amount}", { amount: money(drop.own_pay_fen) }) : null, stateWords(drop)].filter(Boolean).join(" · "))),
    drop.phone && h("a.button.button--quiet", { href: `tel:${drop.phone}` }, icon("phone"), h("span", {}, t("Call"))));
  const isOpen = round.sealed_at && drop.state === "waiting" && !drop.is_cancelled;
  const mayShow = drop.state !== "waiting" && !drop.has_photo && !drop.is_cancelled;
  return [head, isOpen ? atTheDoor(drop, show, refresh) : null, mayShow ? takePhoto(drop, show, refresh) : null].filter(Boolean);
}

/** Of the box at the door, if one likes: small, and kept on the tablet until it can be sent. */
function takePhoto(drop, show, refresh) {
  const input = h("input.only-read", { id: `photo-${drop.id}`, type: "file", accept: "image/*", capture: "environment" });
  const wrong = h("p.field__error", { role: "alert" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    const picture = file && await shrunk(file).catch(() => null);
    wrong.textContent = file && !picture ? t("This picture cannot be read. Please take it again.") : "";
    if (!picture) return;
    const at = new Date().toISOString();
    const body = { content: picture.slice(picture.indexOf(",") + 1) };
    tell({ path: `/drops/${drop.id}/photo`, at, name: drop.name, body, after: { drop: drop.id, has_photo: true } }, show, refresh);
  });
  return h("div.door-photo", {}, input,
    h("label.button.button--quiet", { for: input.id }, t("Photograph the box, no people")), wrong);
}

function stateWords(drop) {
  if (drop.is_cancelled) return t("cancelled, do not bring");
  if (drop.state === "handed") return drop.received_by ? t("handed to {name}", { name: drop.received_by }) : t("handed over");
  return drop.state === "not_home" ? t("brought back: {reason}", { reason: drop.reason }) : null;
}

function atTheDoor(drop, show, refresh) {
  const input = h("input.field__input", { id: `door-${drop.id}`, autocomplete: "off", maxlength: "40" });
  const wrong = h("p.field__error", { role: "alert" });
  const hand = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    wrong.textContent = text ? "" : t("Please type the six digits, or who took it.");
    if (!text) return;
    const digits = text.replace(/\s/g, "");
    say(drop, /^\d{6}$/.test(digits) ? { code: digits } : { received_by: text }, show, refresh);
  };
  return h("details.by-hand", {}, h("summary", {}, t("At the door")),
    h("form.stack.door", { novalidate: true, onsubmit: hand },
      h("label.field__label", { for: input.id }, t("Meal code, or the name of who takes it")), input, wrong,
      h("button.button.button--go.button--wide", { type: "submit" }, t("Handed over")),
      h("p", {}, t("Not handed over, because:")),
      h("div.by-hand__reasons", {}, WHY_NOT().map((reason) => h("button.button.button--quiet", {
        type: "button", onclick: () => say(drop, { reason }, show, refresh),
      }, reason)))));
}

function say(drop, said, show, refresh) {
  const at = new Date().toISOString();
  const told = { state: said.reason ? "not_home" : "handed", received_by: said.received_by || null, reason: said.reason || null };
  const body = { key: newKey(), at, is_offline: true, ...said };
  tell({ path: `/drops/${drop.id}/handing`, at, name: drop.name, body, after: { drop: drop.id, ...told } }, show, refresh);
}

/** Kept first, then sent: nothing said at a door is lost. */
async function tell(one, show, refresh) {
  await queue.add({ kind: "round", key: newKey(), ...one });
  after(one.after);
  await vault.set("rounds", rounds);
  show();
  await queue.flush().catch(() => false);
  refresh();
}

/** What was said holds on this tablet at once. */
function after({ round, drop, ...facts }) {
  for (const one of rounds || []) {
    if (one.id === round) Object.assign(one, facts);
    Object.assign(one.drops.find((other) => other.id === drop) || {}, drop ? facts : {});
  }
}

// Starts the counter and holds it together: who is signed in, which canteen, which page, what waits.

import { isReachable, onConnectionChange } from "../lib/connection.js";
import { h, icon } from "../lib/dom.js";
import { chosenLanguage, t, useLanguage } from "../lib/i18n.js";
import { phone } from "../lib/keep.js";
import { account, act, read, Refused } from "./api.js";
import { BASE } from "./base.js";
import { counter, leave } from "./counter.js";
import * as day from "./day.js";
import * as queue from "./queue.js";
import { roundsPage } from "./rounds.js";
import { signIn } from "./sign_in.js";
import * as sounds from "./sounds.js";
import { ageWords } from "./words.js";

const CANTEEN = "yinling.counter.canteen";
const REFRESH_EVERY_MS = 60000;
const SEND_EVERY_MS = 15000;
const page = { name: "counter", bars: null, body: null };

async function start() {
  await useLanguage(chosenLanguage(), `${BASE}/catalogues`);
  document.title = t("Counter of the canteen");
  await Promise.all([queue.open(), day.open()]);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(`${BASE}/sw.js`, { scope: `${BASE}/` });
  onConnectionChange(() => { fillBars(); if (isReachable()) keepUp(); });
  setInterval(send, SEND_EVERY_MS);
  setInterval(keepUp, REFRESH_EVERY_MS);
  open();
}

function put(...elements) {
  document.getElementById("app").replaceChildren(...elements);
}

async function open(said = "") {
  leave();
  if (!account.token()) return put(signIn(open, said));
  if (!canteen()) return chooseCanteen();
  show();
  if (!day.isOfToday() || day.state.list.canteen_id !== canteen().id) await keepUp();
  else send();
  return null;
}

function canteen() {
  const kept = phone.get(CANTEEN);
  return kept ? JSON.parse(kept) : null;
}

async function chooseCanteen() {
  try {
    const { items } = await read("/canteens");
    if (items.length === 1) return choose(items[0]);
    return put(h("main.page", { id: "main" }, h("h1", {}, t("Which canteen?")),
      h("div.stack", {}, items.map((one) => h("button.button.button--quiet.button--wide", { type: "button", onclick: () => choose(one) }, one.name)))));
  } catch (error) {
    return failed(error);
  }
}

function choose(one) {
  phone.set(CANTEEN, JSON.stringify(one));
  return open();
}

/** The frame with its bars, and the page that is open. */
function show() {
  page.bars = h("div.counter-bars", { role: "status" });
  page.body = h("main.counter-page", { id: "main" });
  put(header(), page.bars, page.body);
  showPage();
  fillBars();
}

function showPage() {
  leave();
  const parts = { counter, rounds: roundsPage };
  page.body.replaceChildren(parts[page.name]({ canteenId: canteen().id, refresh: fillBars }));
}

function header() {
  const tab = (name, label, iconName) => h("button.counter-tab", {
    type: "button", "aria-current": page.name === name ? "page" : null,
    onclick: () => { page.name = name; show(); },
  }, icon(iconName), h("span", {}, label));
  const sound = h("button.counter-tab", { type: "button", "aria-pressed": String(sounds.isOn()), onclick: () => {
    sounds.turn();
    sound.setAttribute("aria-pressed", String(sounds.isOn()));
    sound.lastChild.textContent = sounds.isOn() ? t("Sound on") : t("Sound off");
  } }, icon("speak"), h("span", {}, sounds.isOn() ? t("Sound on") : t("Sound off")));
  return h("header.counter-head", {},
    h("h1.counter-head__name", {}, canteen().name),
    h("nav.counter-head__tabs", { "aria-label": t("Pages") }, tab("counter", t("Counter"), "meal"), tab("rounds", t("Deliveries"), "place")),
    sound,
    h("button.counter-tab", { type: "button", onclick: signOut }, icon("leave"), h("span", {}, t("Sign out"))));
}

/** Without a network, how old the list is, what waits, and what was refused afterwards. */
function fillBars() {
  if (!page.bars) return;
  const waiting = queue.all();
  const bars = [summary()];
  if (!isReachable()) bars.unshift(bar("offline", t("No network. Go on: the tablet checks by its list.")));
  if (day.state.list && !day.isOfToday()) bars.push(bar("look", t("This list is of another day. Load it when there is a network.")));
  if (waiting.length) {
    const oldest = ageWords(Date.parse(waiting[0].at), Date.now());
    bars.push(bar("clock", t("{count} not sent yet, the oldest {age}.", { count: waiting.length, age: oldest })));
  }
  if (queue.refused().length) bars.push(refusals());
  page.bars.replaceChildren(...bars);
}

function summary() {
  const { list } = day.state;
  if (!list) return h("p.counter-summary", {}, t("Today's list is not here yet."));
  const { all, done, left } = day.counts();
  return h("p.counter-summary", {},
    h("span", {}, t("{all} booked today", { all })), h("span", {}, t("{done} handed out", { done })), h("span", {}, t("{left} to come", { left })),
    h("span", {}, t("list of {age}", { age: ageWords(Date.parse(list.as_of), Date.now()) })));
}

function bar(iconName, words) {
  return h("p.counter-bar", {}, icon(iconName), h("span", {}, words));
}

function refusals() {
  const rows = queue.refused().map((one) => h("li", {}, [one.name, one.detail].filter(Boolean).join(": ")));
  return h("section.counter-bar.counter-bar--bad", {}, icon("danger"),
    h("div.stack", {}, h("p.strong", {}, t("Not accepted afterwards; the county looks into it:")), h("ul", {}, rows),
      h("button.button.button--quiet", { type: "button", onclick: async () => { await queue.forgetRefused(); fillBars(); } }, t("I have read it"))));
}

async function send() {
  if (!account.token()) return;
  await queue.flush().catch((error) => console.error(error));
  fillBars();
}

/** Sends what waits, then asks for the list anew. */
async function keepUp() {
  if (!account.token() || !canteen()) return;
  await send();
  try {
    const had = day.state.list;
    await day.load(canteen().id);
    if (!had && page.name === "counter") showPage();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return signedOut();
    if (error instanceof Refused && error.status === 404) phone.remove(CANTEEN);
  }
  fillBars();
}

async function signOut() {
  await send();
  if (queue.all().length) {
    page.bars.prepend(bar("look", t("Not everything is sent yet. Please sign out when there is a network.")));
    return;
  }
  await act("DELETE", "/sign-ins/current", {}).catch(() => null);
  await cleared();
  open();
}

async function signedOut() {
  await cleared();
  open(t("This tablet was signed out."));
}

async function cleared() {
  account.forget();
  phone.remove(CANTEEN);
  page.bars = null;
  await day.forget();
}

function failed(error) {
  if (error instanceof Refused && error.status === 401) return signedOut();
  return put(h("main.page", { id: "main" }, h("p", { role: "alert" }, t("There is no network right now.")),
    h("button.button.button--go", { type: "button", onclick: () => open() }, t("Try again"))));
}

window.addEventListener("pagehide", leave);
start().catch((error) => console.error(error));

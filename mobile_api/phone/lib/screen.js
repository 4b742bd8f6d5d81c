// Puts a screen on the page: frame, skeleton, what was loaded, and what went wrong.
//
// A screen is an object:
//   title()               its only h1 and the page's title
//   parent                where Back leads when the app was opened here; null: no Back
//   backToParent          true where Back must not repeat what was just done
//   open                  true where nobody needs to be signed in
//   recalls               true: what was seen last time is shown at once, then what is new
//   load({params, query, read})   what it needs to know; `read` is lib/api.js with as-of kept
//   view(loaded, place)   {title?, body: [elements], action?: element} or {redirect: [path, query]}

import * as account from "./account.js";
import * as api from "./api.js";
import { isReachable, onConnectionChange } from "./connection.js";
import { h } from "./dom.js";
import { announce, fillOfflineBar, frame, silence } from "./frame.js";
import { hotline } from "./hotline.js";
import { t } from "./i18n.js";
import { visit } from "./keep.js";
import { actionBar, bigState, button, callButton, notice } from "./parts.js";
import { adviceOf, Problem, sentenceOf, Unreachable } from "./problems.js";
import { go, goBack, reopen } from "./router.js";
import { momentWords } from "./words.js";

const SKELETON_AFTER_MS = 300;
let current = { seenAt: null, failed: false, bar: null };
let wanted = null; // the place that was asked for last
let said = null; // a sentence for the next screen, such as "已取消"

/** Stands for a screen whose module could not be had. */
const NOT_HERE = {
  title: () => t("Opening…"),
  parent: "/",
  load: () => { throw new Unreachable(); },
};

/** Shows a screen at a place, or asks for it first where it is a function that does. */
export function show(found, place) {
  wanted = place;
  return typeof found === "function" ? found().then((one) => shown(one, place), () => shown(NOT_HERE, place))
    : shown(found, place);
}

/** Answers that come after the reader has gone on are dropped. */
async function shown(screen, place) {
  if (wanted !== place) return;
  if (!screen.open && !account.isSignedIn()) return sendToSignIn();
  const mine = openFrame(screen, place);
  const skeleton = setTimeout(() => showSkeleton(mine), SKELETON_AFTER_MS);
  try {
    if (screen.recalls) await fillFromMemory(mine);
    const { loaded, seenAt } = await load(screen, place, api.read);
    if (mine === current) fill(mine, loaded, seenAt);
  } catch (error) {
    if (mine === current) showFailure(mine, error);
  } finally {
    clearTimeout(skeleton);
  }
}

/** Says the sentence on top of the next screen. */
export function sayNext(sentence) {
  said = sentence;
}

function sendToSignIn() {
  if (account.worker()) return go("/work/sign-in", {}, { replace: true });
  if (location.pathname) visit.set("yinling.wanted", location.pathname + location.search);
  go("/sign-in", {}, { replace: true });
}

function openFrame(screen, place) {
  silence();
  const title = screen.title(place);
  const back = () => (screen.backToParent ? go(screen.parent) : goBack(screen.parent));
  const parts = frame({ title, onBack: screen.parent === null ? null : back });
  current = { ...parts, screen, place, seenAt: null, failed: false, shown: null, said };
  said = null;
  document.getElementById("app").replaceChildren(parts.page);
  setTitle(current, title);
  parts.heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  showConnection();
  return current;
}

function setTitle(mine, title) {
  mine.heading.textContent = title;
  document.title = `${title} · ${t("Yinling")}`;
}

async function load(screen, place, source) {
  const times = [];
  const read = async (path, query, options) => {
    const answer = await source(path, query, options);
    if (answer.stale) times.push(answer.seenAt);
    return answer.body;
  };
  const loaded = screen.load ? await screen.load({ ...place, read }) : null;
  return { loaded, seenAt: times.sort()[0] || null };
}

async function fillFromMemory(mine) {
  try {
    const { loaded } = await load(mine.screen, mine.place, api.recall);
    if (mine === current) fill(mine, loaded, null);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

function fill(mine, loaded, seenAt) {
  mine.seenAt = seenAt;
  showConnection();
  const fingerprint = JSON.stringify(loaded);
  if (mine.shown === fingerprint && loaded !== null) return;
  const first = mine.shown === null;
  mine.shown = fingerprint;

  const view = mine.screen.view(loaded, contextOf(mine));
  if (view.redirect) return go(view.redirect[0], view.redirect[1], { replace: true });
  showView(mine, view);
  if (first && mine.place.scrollTo) window.scrollTo(0, mine.place.scrollTo);
}

function contextOf(mine) {
  return {
    ...mine.place,
    perform: (pressed, deed, onProblem) => perform(mine, pressed, deed, onProblem),
    replaceView: (view) => replaceView(mine, view),
  };
}

function showView(mine, view) {
  if (view.title) setTitle(mine, view.title);
  mine.main.removeAttribute("aria-busy");
  mine.slot = h("div.answer");
  const greeting = mine.said && h("div", { role: "status" }, notice("good", mine.said));
  mine.body.replaceChildren(...[greeting, ...[view.body].flat(Infinity), mine.slot].filter(Boolean));
  const old = mine.main.querySelector(".action-bar");
  if (old) old.remove();
  if (view.action) mine.main.append(view.action);
}

/** Another face of the same screen (full, past cut-off): a new h1, and the focus on it. */
function replaceView(mine, view) {
  if (mine !== current) return;
  showView(mine, view);
  mine.heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Does a deed once: the button says that it is working, and a refusal is shown beside it. */
async function perform(mine, pressed, deed, onProblem = () => false) {
  if (pressed.getAttribute("aria-busy") === "true") return;
  pressed.setAttribute("aria-busy", "true");
  pressed.setAttribute("aria-disabled", "true");
  mine.slot.replaceChildren();
  try {
    await deed();
  } catch (error) {
    if (isSignedOut(error)) return signedOut();
    if (mine === current && !onProblem(error)) showAnswer(mine, error);
  } finally {
    pressed.removeAttribute("aria-busy");
    pressed.removeAttribute("aria-disabled");
  }
}

function showAnswer(mine, error) {
  const words = notice(error instanceof Unreachable ? "look" : "danger", sentenceOf(error), adviceOf(error));
  const box = h("div.stack", { role: "alert", tabindex: "-1" }, words, callButton(t("Call us:"), hotline()));
  mine.slot.replaceChildren(box);
  box.scrollIntoView({ block: "center" });
  showConnection();
}

function showSkeleton(mine) {
  if (mine !== current || mine.shown !== null) return;
  mine.main.setAttribute("aria-busy", "true");
  announce(t("Opening…"));
  mine.body.replaceChildren(h("div.skeleton", { "aria-hidden": "true" },
    h("div.skeleton__row.skeleton__row--tall"), h("div.skeleton__row"), h("div.skeleton__row")));
}

function showFailure(mine, error) {
  if (isSignedOut(error)) return signedOut();
  if (!(error instanceof Problem) && !(error instanceof Unreachable)) console.error(error);
  mine.failed = true;
  showConnection();
  if (mine.shown !== null) return announce(sentenceOf(error));
  const missing = error instanceof Problem && error.status === 404;
  const words = missing ? t("This is not here any more, or it is not yours to see.") : sentenceOf(error);
  showView(mine, {
    body: bigState("offline", [
      h("p.strong", { role: "alert" }, words),
      h("p", {}, t("Your bookings are safe. Please try again, or call us.")),
    ], [callButton(t("Call us:"), hotline())]),
    action: actionBar(button(t("Try again"), { iconName: "again", onclick: reopen })),
  });
}

function isSignedOut(error) {
  return error instanceof Problem && error.status === 401;
}

function signedOut() {
  account.forget();
  sayNext(t("Please sign in again. Your bookings are safe."));
  sendToSignIn();
}

function showConnection() {
  if (!current.offlineBar) return;
  if (current.seenAt) {
    const when = momentWords(current.seenAt);
    return fillOfflineBar(current.offlineBar, t("No network. This is what you saw: {when}.", { when }));
  }
  fillOfflineBar(current.offlineBar, isReachable() ? null : t("There is no network right now."));
}

onConnectionChange(() => {
  showConnection();
  if (isReachable() && (current.seenAt || current.failed)) reopen();
});

// Addresses and Back. A screen is found by its path; what was typed is kept by lib/draft.js.

import { BASE } from "./base.js";
import { phone, visit } from "./keep.js";

const SCROLL = "yinling.scroll ";
let routes = [];
let show = () => {};
let entry = { id: 0, depth: 0 };

/**
 * `table` is [[path, screen], …]; `showScreen(screen, place)` puts one on the page. A screen may be
 * a function that asks for it.
 */
export function start(table, showScreen) {
  routes = table.map(([path, screen]) => ({ names: namesIn(path), pattern: patternOf(path), screen }));
  show = showScreen;
  history.scrollRestoration = "manual";
  entry = history.state && history.state.id ? history.state : { id: newId(), depth: 0 };
  history.replaceState(entry, "");
  window.addEventListener("popstate", arrive);
  window.addEventListener("pagehide", rememberScroll);
  document.addEventListener("click", followLink);
  open();
}

/** The address of a screen: pathOf("/meals/canteens", {resident: 1}). */
export function pathOf(path, query = {}) {
  const filled = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const text = new URLSearchParams(filled).toString();
  return BASE + path + (text ? `?${text}` : "");
}

/** Goes to a screen; `replace` leaves the present one out of the way back. */
export function go(path, query = {}, { replace = false } = {}) {
  travel(pathOf(path, query), replace);
}

/** One screen back, or to `parent` where the app was opened here. */
export function goBack(parent) {
  if (entry.depth > 0) history.back();
  else go(parent, {}, { replace: true });
}

export function reopen() {
  open();
}

function travel(address, replace) {
  rememberScroll();
  entry = { id: newId(), depth: replace ? entry.depth : entry.depth + 1 };
  history[replace ? "replaceState" : "pushState"](entry, "", address);
  open();
}

function arrive(event) {
  rememberScroll();
  entry = event.state && event.state.id ? event.state : { id: newId(), depth: 0 };
  history.replaceState(entry, "");
  open(Number(visit.get(SCROLL + entry.id)) || 0);
}

function open(scrollTo = 0) {
  const path = location.pathname.slice(BASE.length).replace(/\/$/, "") || "/";
  const query = Object.fromEntries(new URLSearchParams(location.search));
  for (const { pattern, names, screen } of routes) {
    const match = pattern.exec(path);
    if (!match) continue;
    const params = Object.fromEntries(names.map((name, index) => [name, match[index + 1]]));
    show(screen, { path, params, query, scrollTo });
    return;
  }
}

function followLink(event) {
  const link = event.target.closest && event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
  const inside = link.origin === location.origin && `${link.pathname}/`.startsWith(`${BASE}/`);
  if (!inside) return;
  event.preventDefault();
  travel(link.pathname + link.search, false);
}

function rememberScroll() {
  visit.set(SCROLL + entry.id, window.scrollY);
}

function newId() {
  const next = Number(phone.get("yinling.entry") || 0) + 1;
  phone.set("yinling.entry", next);
  return next;
}

function namesIn(path) {
  return (path.match(/:\w+/g) || []).map((name) => name.slice(1));
}

function patternOf(path) {
  if (path === "*") return /^/;
  return new RegExp(`^${path.replace(/:\w+/g, "([^/]+)")}$`);
}

// The design system's components as functions; markup as in /design/components/<name>/README.md.

import { h, icon, picture } from "./dom.js";
import { hotline } from "./hotline.js";
import { t } from "./i18n.js";
import { pathOf } from "./router.js";

/** A button that does something. `kind`: go, quiet, warn, danger. */
export function button(label, { kind = "go", onclick, iconName, type = "button" } = {}) {
  const big = kind === "go" || kind === "danger" ? ".button--big" : "";
  return h(`button.button.button--${kind}.button--wide${big}`, { type, onclick },
    iconName && icon(iconName), h("span.button__label", {}, label));
}

/** A link that looks like a button, to a screen. */
export function buttonLink(label, path, { kind = "go", query = {}, iconName } = {}) {
  const big = kind === "go" ? ".button--big" : "";
  return h(`a.button.button--${kind}.button--wide${big}`, { href: pathOf(path, query) },
    iconName && icon(iconName), h("span", {}, label));
}

/** Calls a number; the number itself is to be read, so that it can be dialled elsewhere. */
export function callButton(label, number, kind = "quiet") {
  return h(`a.button.button--${kind}.button--wide`, { href: telephone(number) },
    icon("phone"), h("span", {}, label, " ", h("span.figures.together", {}, String(number).replace(/^\+86/, ""))));
}

/** The canteen's own number, or the hotline where it has none. */
export function callCanteen(number) {
  return number ? callButton(t("Call the canteen"), number) : callButton(t("Call us:"), hotline());
}

export function telephone(number) {
  return `tel:${String(number).replace(/[^+\d]/g, "")}`;
}

export function actionBar(...buttons) {
  return h("div.action-bar", {}, buttons);
}

const NOTICE_ICONS = { info: "info", good: "good", look: "look", danger: "danger" };

export function notice(kind, title, ...lines) {
  return h(`div.notice.notice--${kind}`, {}, icon(NOTICE_ICONS[kind]),
    h("div.notice__text", {}, h("p.notice__title", {}, title), lines.filter(Boolean).map(paragraph)));
}

function paragraph(line) {
  return typeof line === "string" ? h("p", {}, line) : line;
}

export function list(rows) {
  return h("ul.list", {}, rows.map((row) => h("li", {}, row)));
}

/** A row that leads to a screen. `lead` is an icon's name or an element. */
export function linkRow({ path, query = {}, lead, title, notes = [], extra = [] }) {
  return h("a.list__row", { href: pathOf(path, query) },
    rowLead(lead), rowText(title, notes, extra), icon("next", "icon list__go"));
}

/** A row to read, which cannot be chosen. */
export function stillRow({ lead, title, notes = [], extra = [], dashed = true }) {
  return h(`div.list__row${dashed ? ".list__row--still" : ""}`, {}, rowLead(lead), rowText(title, notes, extra));
}

function rowLead(lead) {
  return typeof lead === "string" ? h("span.list__icon", { "aria-hidden": "true" }, icon(lead)) : lead;
}

function rowText(title, notes, extra) {
  return h("span.list__text", {}, h("span.list__title", {}, title),
    notes.filter(Boolean).map((note) => h("span.list__note", {}, note)), extra);
}

/** One fact with its icon: ["clock", "取餐时间", "11:00–12:30"]. */
export function facts(rows) {
  return h("dl.card__facts", {}, rows.filter(Boolean).map(([iconName, name, value]) =>
    h("div.fact", {}, h("dt", {}, icon(iconName), name), h("dd", {}, value))));
}

export function badge(text, kind = "look") {
  return h(`span.badge.badge--${kind}`, {}, text);
}

/** Nothing here, or it did not work: a picture, what it is, and what to do next. */
export function bigState(pictureName, lines, buttons = []) {
  return h("div.big-state.stack", {}, picture(`pictures/${pictureName}`, "big-state__picture", 160),
    lines.filter(Boolean).map(paragraph), buttons);
}

/** A list that goes on: "再看一些" asks for the next page and appends it. */
export function growingList(page, askNext, rowOf) {
  const rows = list(page.items.map(rowOf));
  const holder = h("div.stack", {}, rows);
  addMore(holder, rows, page.next_cursor, askNext, rowOf);
  return holder;
}

function addMore(holder, rows, cursor, askNext, rowOf) {
  if (!cursor) return;
  const more = button(t("Show more"), { kind: "quiet", onclick: async () => {
    const next = await askNext(cursor).catch(() => null);
    if (!next) return;
    const added = next.items.map((item) => h("li", {}, rowOf(item)));
    rows.append(...added);
    more.remove();
    addMore(holder, rows, next.next_cursor, askNext, rowOf);
    const first = added[0] && added[0].querySelector("a, button");
    if (first) first.focus();
  } });
  holder.append(more);
}

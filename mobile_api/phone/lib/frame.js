// What surrounds every screen: offline bar, Back, read aloud, a human's number, main and its h1.

import { canReadAloud, readAloud, stopReading, wordsOf } from "/design/components/page-head/read_aloud.js";

import { h, icon } from "./dom.js";
import { hotline } from "./hotline.js";
import { language, t } from "./i18n.js";
import { telephone } from "./parts.js";

/** {page, main, heading, body, offlineBar}; `onBack` is null on the first screen. */
export function frame({ title, onBack }) {
  const heading = h("h1", { tabindex: "-1" }, title);
  const body = h("div.page__body.stack--wide");
  const main = h("main.page", { id: "main" }, heading, body);
  const offlineBar = h("div", { role: "status" });
  const page = h("div.screen", {},
    h("a.skip-link", { href: "#main", onclick: skipTo(heading) }, t("Skip to the content")),
    h("header", {}, offlineBar, head(main, onBack)),
    main);
  return { page, main, heading, body, offlineBar };
}

function head(main, onBack) {
  return h("div.page-head", {},
    onBack ? headButton("back", t("Back"), onBack) : brand(),
    h("span.page-head__space"),
    listenButton(main),
    callLink(hotline()));
}

function callLink(number) {
  const label = t("Call {number}, a person will help you", { number });
  return h("a.page-head__button", { href: telephone(number), "aria-label": label },
    icon("phone"), h("span", {}, t("Call")));
}

function brand() {
  return h("p.page-head__brand", {}, h("img", { src: "/design/brand.svg", alt: "", width: 44, height: 44 }),
    h("span.page-head__name", {}, t("Yinling")));
}

function headButton(iconName, label, onclick, attributes = {}) {
  return h("button.page-head__button", { type: "button", onclick, ...attributes },
    icon(iconName), h("span", {}, label));
}

function listenButton(main) {
  if (!canReadAloud()) return null;
  const listen = headButton("speak", t("Listen"), () => {
    if (listen.getAttribute("aria-pressed") === "true") return stopReading(), rest();
    listen.setAttribute("aria-pressed", "true");
    listen.replaceChildren(icon("stop"), h("span", {}, t("Stop")));
    readAloud(wordsOf(main), { language: language(), onEnd: rest });
  }, { "aria-pressed": "false" });
  const rest = () => {
    listen.setAttribute("aria-pressed", "false");
    listen.replaceChildren(icon("speak"), h("span", {}, t("Listen")));
  };
  return listen;
}

function skipTo(heading) {
  return (event) => {
    event.preventDefault();
    heading.focus();
  };
}

/** Fills the bar that says there is no network, and how old what is shown is; empties it else. */
export function fillOfflineBar(bar, sentence) {
  bar.className = sentence ? "offline-bar" : "";
  bar.replaceChildren(...(sentence ? [icon("offline"), h("p", {}, sentence)] : []));
}

/** Says something to the ear without moving the eye. */
export function announce(words) {
  document.getElementById("announcer").textContent = words;
}

export function silence() {
  if (canReadAloud()) stopReading();
}

// Everything that is kept of me: asked for, then saved on this phone as a page and as a file.

import { act, read } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { hotline } from "../../../lib/hotline.js";
import { language, t } from "../../../lib/i18n.js";
import { actionBar, button, callButton, facts, notice } from "../../../lib/parts.js";

const NAME = "yinling-my-data";

export const myData = {
  title: () => t("My data"),
  parent: "/help",

  view(_, { perform, replaceView }) {
    const fetchIt = button(t("Download my data"), { iconName: "booking" });
    fetchIt.addEventListener("click", () => perform(fetchIt, async () => {
      await act("POST", "/my-data/requests");
      const copy = await read("/my-data", {}, { keep: false });
      replaceView(ready(copy.body));
    }));
    return {
      body: [
        h("p", {}, t("Everything we keep of you: bookings, helpers, consents, and who looked at your file.")),
        notice("look", t("Keep it to yourself."), t("Whoever has this copy can read all of it.")),
        callButton(t("Rather on paper? Call"), hotline()),
      ],
      action: actionBar(fetchIt),
    };
  },
};

function ready(copy) {
  const filled = copy.parts.filter((part) => part.rows.length > 0);
  return {
    body: [
      notice("good", t("Your copy is ready.")),
      facts(filled.map((part) => ["check", part.word, String(part.rows.length)])),
      h("div.prose", {}, copy.left_out.map(leftOut)),
      saveLink(t("Save the file for programs"), "json", "application/json", JSON.stringify(copy, null, 1)),
    ],
    action: actionBar(savePage(copy, filled)),
  };
}

function leftOut(one) {
  return h("p", {}, t("{name}: {title}", { name: one.word, title: one.why }));
}

function savePage(copy, filled) {
  const look = ".button--go.button--big";
  return saveLink(t("Save the page to read"), "html", "text/html", pageOf(copy, filled), look);
}

function saveLink(label, ending, type, text, look = ".button--quiet") {
  const href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  return h(`a.button.button--wide${look}`, { href, download: `${NAME}.${ending}` }, h("span", {}, label));
}

/** A page that stands alone. It is made of elements, so that whatever was kept stays text. */
function pageOf(copy, filled) {
  const page = h("html", { lang: language() },
    h("head", {}, h("meta", { charset: "utf-8" }), h("title", {}, t("My data"))),
    h("body", {}, h("h1", {}, t("My data")), h("p", {}, copy.made_at), filled.map(tableOf)));
  return `<!doctype html>${new XMLSerializer().serializeToString(page)}`;
}

function tableOf(part) {
  return h("section", {}, h("h2", {}, part.word),
    h("table", { border: "1" },
      h("thead", {}, h("tr", {}, part.columns.map((one) => h("th", {}, one.word)))),
      h("tbody", {}, part.rows.map((row) => lineOf(part, row)))));
}

function lineOf(part, row) {
  return h("tr", {}, part.columns.map((one) => h("td", {}, shown(row[one.name]))));
}

function shown(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// By which ways I want which messages; they lie in the inbox in any case.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { badge, button, notice } from "../../../lib/parts.js";
import { showHere, stopHere } from "./push.js";
import { topicWords } from "./topic_words.js";

export const messageWishes = {
  title: () => t("Which messages I get"),
  parent: "/messages",

  async load({ read }) {
    const [wishes, push] = await Promise.all([read("/message-wishes"), read("/push-config")]);
    return { wishes, push };
  },

  view({ wishes, push }, { perform }) {
    const ways = wishes.items.filter((one) => one.topic !== "work" && (one.channel !== "push" || push.is_configured));
    const topics = [...new Set(ways.map((one) => one.topic))];
    return {
      body: [
        notice("info", t("Every message stays here in the app. At night nobody is written to without need.")),
        push.is_configured && pushHere(push.settings, perform),
        ...topics.map((topic) => section(topic, ways.filter((one) => one.topic === topic), perform)),
      ],
    };
  },
};

function section(topic, ways, perform) {
  const shown = h("section.card.stack", {}, h("h2", {}, topicWords(topic)));
  shown.append(...ways.map((one) => way(one, perform)));
  return shown;
}

function way(one, perform) {
  const words = one.channel === "push" ? t("A notice on this phone") : t("Text message");
  if (!one.is_choosable) return h("p", {}, words, " ", badge(t("always sent"), "good"));
  const line = h("div.stack", {});
  draw(line, one, words, perform);
  return line;
}

function draw(line, one, words, perform) {
  const label = one.is_wanted ? t("{way}: no more", { way: words }) : t("{way}: yes, please", { way: words });
  const change = button(label, { kind: "quiet" });
  change.addEventListener("click", () => perform(change, async () => {
    const wanted = !one.is_wanted;
    await act("PUT", "/message-wishes", { topic: one.topic, channel: one.channel, is_wanted: wanted });
    draw(line, { ...one, is_wanted: wanted }, words, perform);
    line.querySelector("button").focus();
  }));
  const state = one.is_wanted ? badge(t("is sent"), "good") : badge(t("is not sent"));
  line.replaceChildren(h("p", { role: "status" }, words, " ", state), change);
}

function pushHere(settings, perform) {
  const shown = h("section.card.stack", {}, h("h2", {}, t("Notices on this phone")));
  const on = button(t("Show my messages on this phone"), { iconName: "message" });
  const off = button(t("Not on this phone any more"), { kind: "quiet" });
  const say = h("p", { role: "status" });
  on.addEventListener("click", () => perform(on, async () => {
    say.textContent = await showHere(settings) ? t("This phone shows your messages from now on.")
      : t("This phone cannot show notices. Your messages still come here and by text message.");
  }));
  off.addEventListener("click", () => perform(off, async () => {
    await stopHere(settings);
    say.textContent = t("This phone shows no more notices.");
  }));
  shown.append(on, off, say);
  return shown;
}

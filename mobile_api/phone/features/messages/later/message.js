// One message. Opened here it counts as seen, and nothing more is sent of it.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { hotline } from "../../../lib/hotline.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, buttonLink, callButton, facts } from "../../../lib/parts.js";
import { momentWords } from "../../../lib/words.js";
import { topicIcon, topicWords } from "./topic_words.js";

// Where somebody goes on from a message of a kind, or of a part of the platform.
const ON_FROM = {
  subsidies: "/subsidies",
  meals: "/bookings", care: "/visits", training: "/caregiver/courses", reminders: "/caregiver/reminders",
};

export const message = {
  title: () => t("Message"),
  parent: "/messages",
  load: ({ params }) => act("PUT", `/messages/${params.message}/reading`, {}),

  view(one) {
    const onwards = ON_FROM[one.context] || ON_FROM[one.topic];
    return {
      body: [
        h("section.card.stack", {},
          h("p.message__text", {}, one.text || t("The words of this message are gone.")),
          facts([
            [topicIcon(one.topic), t("About"), topicWords(one.topic)],
            ["clock", t("Written on"), momentWords(one.at)],
          ])),
        callButton(t("Questions? Call"), hotline()),
      ],
      action: onwards && actionBar(buttonLink(t("Go on"), onwards)),
    };
  },
};

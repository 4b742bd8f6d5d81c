// What I was written: the latest first; what was not opened yet is marked.

import { t } from "../../../lib/i18n.js";
import { actionBar, badge, bigState, buttonLink, growingList, linkRow } from "../../../lib/parts.js";
import { momentWords } from "../../../lib/words.js";
import { topicIcon, topicWords } from "./topic_words.js";

const A_PAGE = 20;

export const messages = {
  title: () => t("My messages"),
  parent: "/help",
  load: ({ read }) => read("/messages", { limit: A_PAGE }),

  view(found, { read }) {
    const action = actionBar(buttonLink(t("Which messages I get"), "/messages/wishes", { kind: "quiet" }));
    if (found.items.length === 0) return { body: bigState("empty", [t("You have no messages.")]), action };
    const next = (cursor) => read("/messages", { limit: A_PAGE, cursor });
    return { body: growingList(found, next, row), action };
  },
};

function row(one) {
  return linkRow({
    path: `/messages/${one.id}`,
    lead: topicIcon(one.topic),
    title: topicWords(one.topic),
    notes: [one.text || t("The words of this message are gone."), momentWords(one.at)],
    extra: one.is_seen ? [] : badge(t("New")),
  });
}

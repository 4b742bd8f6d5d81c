// What canteens and counties announce: unread ones stand first, and are marked read for this account.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { badge, button, linkRow, notice } from "../../lib/parts.js";

/** One frame for each announcement of a canteen that was not read yet. */
export function unreadNotices(items, perform) {
  return items.filter((one) => !one.is_read).map((one) => frame(one, perform));
}

/** A line on the first page while something is unread; without a network nobody is called to it. */
export function unreadLine(told) {
  if (!told || told.unread === 0) return null;
  return linkRow({
    path: "/announcements", lead: "message", title: t("Announcements of canteens"),
    extra: badge(t("{count} new", { count: told.unread })),
  });
}

/** What is announced, or null where it cannot be asked now. */
export async function askAnnouncements(read) {
  try {
    return await read("/announcements");
  } catch (unknown) {
    return null;
  }
}

export function noteRead(kind, id) {
  return act("PUT", `/announcements/${kind}/${id}/reading`, {});
}

function frame(one, perform) {
  const read = button(t("I have read it"), { kind: "quiet", iconName: "check" });
  const shown = h("section.stack", {}, notice("info", one.title, h("p", {}, one.words)), read);
  read.addEventListener("click", () => perform(read, async () => {
    await noteRead("notice", one.id);
    shown.replaceChildren(h("p.soft", { role: "status" }, t("Noted. It is not shown again.")));
  }));
  return shown;
}

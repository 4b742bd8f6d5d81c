// Where the account is signed in: this phone, and any other that can be signed out from here.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import {
  actionBar, badge, button, buttonLink, callButton, linkRow, list, notice, stillRow,
} from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { momentWords } from "../../lib/words.js";

const load = ({ read }) => read("/sign-ins", {}, { keep: false });

export const devices = {
  title: () => t("Devices signed in"),
  parent: "/help",
  load,

  view: ({ items }) => ({
    body: [
      h("p", {}, t("Is there a device that you do not know, or one you have lost? Sign it out here.")),
      list(items.map((one) => (one.is_current ? thisPhone(one) : otherDevice(one)))),
      callButton(t("Call us:"), hotline()),
    ],
  }),
};

export const device = {
  title: () => t("Sign this device out?"),
  parent: "/help/devices",
  load,

  view({ items }, { params, perform }) {
    const one = items.find((other) => String(other.id) === params.device && !other.is_current);
    if (!one) return { redirect: ["/help/devices", {}] };
    const leave = button(t("Sign it out"), { kind: "warn", iconName: "leave" });
    leave.addEventListener("click", () => perform(leave, () => end(one)));
    return {
      body: [notice("look", nameOf(one), ...notesOf(one), t("Whoever holds it sees nothing of yours any more."))],
      action: actionBar(leave, buttonLink(t("Keep it signed in"), "/help/devices")),
    };
  },
};

function thisPhone(one) {
  const mark = badge(t("This device"), "good");
  return stillRow({ lead: "phone", title: nameOf(one), notes: notesOf(one), extra: mark, dashed: false });
}

function otherDevice(one) {
  return linkRow({ path: `/help/devices/${one.id}`, lead: "phone", title: nameOf(one), notes: notesOf(one) });
}

function nameOf(one) {
  return one.device_label || t("A device");
}

function notesOf(one) {
  return [t("Last used: {when}", { when: momentWords(one.last_used_at) })];
}

async function end(one) {
  await act("DELETE", `/sign-ins/${one.id}`, undefined);
  sayNext(t("The device is signed out."));
  go("/help/devices", {}, { replace: true });
}

// Help: people first, then how this phone shows things.

import { h } from "../../lib/dom.js";
import { hotline } from "../../lib/hotline.js";
import { t } from "../../lib/i18n.js";
import { isSignedIn, worker } from "../../lib/account.js";
import { callButton, linkRow, list } from "../../lib/parts.js";
import { askAnnouncements, unreadLine } from "../meals/notices.js";

export const help = {
  title: () => t("Help"),
  parent: "/",
  open: true,

  async load({ read }) {
    if (!isElder()) return { canteen: null };
    const [canteen, told] = await Promise.all([usualCanteen(read), askAnnouncements(read)]);
    return { canteen, told };
  },

  view: ({ canteen, told }) => ({
    body: [
      h("section.stack", {}, h("h2", {}, t("Ask a person")),
        callButton(t("Hotline"), hotline(), "go"),
        canteen && canteen.phone && callButton(canteen.name, canteen.phone)),
      isElder() && h("section.stack", {}, h("h2", {}, t("People who help me")), list(helperRows())),
      isElder() && h("section.stack", {}, h("h2", {}, t("About me")), list(aboutMeRows(told))),
      h("section.stack", {}, h("h2", {}, t("Easier to see")), list(settingsRows())),
      h("section.stack", {}, h("h2", {}, t("This app")), list(appRows())),
    ],
  }),
};

/** An account of the phone, and not a care worker at work. */
function isElder() {
  return isSignedIn() && !worker();
}

/** The usual canteen's number is a kindness: help must open without it. */
async function usualCanteen(read) {
  try {
    const me = await read("/me");
    const resident = me.residents.find((one) => one.usual_canteen_id);
    return resident ? await read(`/canteens/${resident.usual_canteen_id}`, { resident_id: resident.id }) : null;
  } catch (unreachable) {
    return null;
  }
}

function helperRows() {
  return [
    linkRow({ path: "/help/helpers", lead: "people", title: t("Who helps me") }),
    linkRow({ path: "/help/done-for-me", lead: "clock", title: t("What was done for me") }),
    linkRow({ path: "/help/helped", lead: "person", title: t("Help somebody") }),
  ];
}

function aboutMeRows(told) {
  return [
    linkRow({ path: "/messages", lead: "message", title: t("My messages") }),
    unreadLine(told) || linkRow({ path: "/announcements", lead: "message", title: t("Announcements of canteens") }),
    linkRow({ path: "/visits", lead: "care", title: t("Who comes to my home") }),
    linkRow({ path: "/subsidies", lead: "money", title: t("My subsidies") }),
    linkRow({ path: "/vouchers", lead: "money", title: t("My vouchers") }),
    linkRow({ path: "/caregiver/courses", lead: "booking", title: t("My courses") }),
    linkRow({ path: "/help/ability", lead: "care", title: t("Ability level") }),
    linkRow({ path: "/help/consents", lead: "privacy", title: t("Privacy and consents") }),
    linkRow({ path: "/help/my-data", lead: "booking", title: t("My data") }),
    linkRow({ path: "/caregiver", lead: "star", title: t("I am a caregiver") }),
  ];
}

function settingsRows() {
  return [
    linkRow({ path: "/help/text-size", lead: "text", title: t("Text size") }),
    linkRow({ path: "/help/contrast", lead: "contrast", title: t("Stronger contrast") }),
    linkRow({ path: "/help/language", lead: "language", title: "中文 / English" }),
  ];
}

function appRows() {
  return [
    linkRow({ path: "/privacy", lead: "privacy", title: t("Privacy") }),
    linkRow({ path: "/help/about", lead: "info", title: t("About Yinling") }),
    isElder() && linkRow({ path: "/help/devices", lead: "phone", title: t("Devices signed in") }),
    isElder() && linkRow({ path: "/help/sign-out", lead: "leave", title: t("Sign out") }),
    isElder() && linkRow({ path: "/help/close", lead: "leave", title: t("Close my account") }),
  ].filter(Boolean);
}

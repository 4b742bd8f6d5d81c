// Closing the account in two steps: what ends and what stays, then the question.

import * as account from "../../../lib/account.js";
import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { draft, setDraft } from "../../../lib/draft.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, buttonLink, facts, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { radioCards } from "../../help/radio_cards.js";

const WISH = "closing-bookings";

export const closeAccount = {
  title: () => t("Close my account"),
  parent: "/help",

  load: ({ read }) => read("/me/closing", {}, { keep: false }),

  view: (ends) => ({
    body: [
      h("h2", {}, t("What ends")),
      facts([
        ["phone", t("Devices signed in"), String(ends.devices)],
        ends.helped > 0 && ["people", t("People you act for"), String(ends.helped)],
        ends.bookings > 0 && ["booking", t("Meals booked"), String(ends.bookings)],
      ]),
      ends.bookings > 0 && bookingsChoice(),
      h("h2", {}, t("What stays")),
      h("div.prose", {},
        h("p", {}, t("You stay in the register: subsidies and care go on.")),
        h("p", {}, t("Accounts of meals and money are kept by law.")),
        h("p", {}, t("Your phone number is erased after {count} days.", { count: ends.phone_kept_days })),
        h("p", {}, t("Helpers of yours go on. To end that, see “Who helps me” first."))),
    ],
    action: actionBar(buttonLink(t("Go on"), "/help/close/sure", { kind: "warn" })),
  }),
};

export const closeAccountSure = {
  title: () => t("Close the account now?"),
  parent: "/help/close",

  view(_, { perform }) {
    const close = button(t("Yes, close it"), { kind: "danger" });
    close.addEventListener("click", () => perform(close, closeNow));
    const again = t("To use the phone again, come to the window of your community.");
    return {
      body: notice("look", t("This cannot be undone."), again),
      action: actionBar(close, buttonLink(t("Keep my account"), "/help", { kind: "quiet" })),
    };
  },
};

function bookingsChoice() {
  return radioCards({
    legend: t("And the meals you have booked?"),
    name: "bookings",
    chosen: draft(WISH) || "keep",
    onChoose: (wish) => setDraft(WISH, wish),
    choices: ["keep", "cancel"].map((wish) => [wish, wishWords(wish)]),
  });
}

function wishWords(wish) {
  return { keep: t("Keep them, I will eat there"), cancel: t("Cancel them") }[wish];
}

async function closeNow() {
  await act("POST", "/me/closing", { bookings: draft(WISH) || "keep" });
  account.forget();
  sayNext(t("Your account is closed."));
  go("/sign-in", {}, { replace: true });
}

// Signing out, asked on a page of its own.

import * as account from "../../lib/account.js";
import { act } from "../../lib/api.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, buttonLink, notice } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";

export const signOut = {
  title: () => t("Sign out on this phone?"),
  parent: "/help",

  view: (_, { perform }) => {
    const leave = button(t("Sign out"), { kind: "warn", iconName: "leave", onclick: () => perform(leave, signOutNow) });
    return {
      body: [
        notice("look", t("Your meal codes will no longer be on this phone."),
          t("Your bookings stay. Sign in again to see them.")),
      ],
      action: actionBar(leave, buttonLink(t("Stay signed in"), "/help")),
    };
  },
};

export async function signOutNow() {
  // Whoever takes the phone next must find nothing here, whether or not the city can be reached.
  try {
    await act("DELETE", "/sign-ins/current", undefined);
  } catch {
    // The token is gone from this phone with the rest; nobody holds it any more.
  } finally {
    account.forget();
  }
  sayNext(t("You are signed out."));
  go("/sign-in", {}, { replace: true });
}

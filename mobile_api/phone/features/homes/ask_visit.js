// Asking for a visit: the day and the half of it. The home calls the number of this phone.

import { act } from "../../lib/api.js";
import { today } from "../../lib/clock.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { sayNext } from "../../lib/screen.js";
import { capital, dayWords } from "../../lib/words.js";
import { radioCards } from "../help/radio_cards.js";
import { partWords } from "./home_words.js";

const DAYS_AHEAD = 7;

export const askVisit = {
  title: () => t("When will you come?"),
  parent: "/care",

  view(_, { params, query, perform }) {
    const wish = { day: daysAhead()[0], part: "morning" };
    const ask = button(t("Ask for this visit"), { iconName: "check" });
    ask.addEventListener("click", () => perform(ask, () => send(params.home, query.resident, wish)));
    return {
      body: [
        radioCards({
          legend: t("Which day?"), name: "day", chosen: wish.day, onChoose: (day) => { wish.day = day; },
          choices: daysAhead().map((day) => [day, capital(dayWords(day))]),
        }),
        radioCards({
          legend: t("Which half of the day?"), name: "part", chosen: wish.part,
          onChoose: (part) => { wish.part = part; },
          choices: ["morning", "afternoon"].map((part) => [part, capital(partWords(part))]),
        }),
      ],
      action: actionBar(ask),
    };
  },
};

function daysAhead() {
  const first = new Date(today());
  return Array.from({ length: DAYS_AHEAD }, (_, number) =>
    new Date(first.getTime() + (number + 1) * 24 * 3600 * 1000).toISOString().slice(0, 10));
}

async function send(home, resident, { day, part }) {
  await act("POST", "/viewings", { resident_id: Number(resident), site_id: Number(home), day, part });
  sayNext(t("The home will call you about the visit."));
  go("/care/applications", {}, { replace: true });
}

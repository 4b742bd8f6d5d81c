// How it tasted: three faces, one tap each, and the way to say what was wrong.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { button, buttonLink, notice } from "../../../lib/parts.js";
import { reopen } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { mealOnDate } from "../../../lib/words.js";
import { voiceCard } from "./meal_voices.js";

const FACES = [[3, "smile"], [2, "straight"], [1, "frown"]];

export const rateMeal = {
  title: () => t("How did it taste?"),
  parent: "/bookings/past",
  backToParent: true,

  async load({ params, read }) {
    const [booking, said] = await Promise.all([
      read(`/bookings/${params.booking}`), read(`/bookings/${params.booking}/rating`),
    ]);
    return { booking, said };
  },

  view({ booking, said }, { perform }) {
    return {
      body: [
        h("p", {}, `${mealOnDate(booking)} · ${booking.canteen_name}`),
        faces(booking, said, perform),
        !said.can_rate && said.score === null && notice("info", t("You can rate a meal once you have had it.")),
        buttonLink(t("Something was wrong"), `/bookings/${booking.id}/complaint`, { kind: "quiet" }),
        buttonLink(
          t("I have a suggestion"),
          `/bookings/${booking.id}/complaint`,
          { kind: "quiet", query: { kind: "suggestion" } },
        ),
        ...said.items.map(voiceCard),
      ].filter(Boolean),
    };
  },
};

function faces(booking, said, perform) {
  const words = { 3: t("Good"), 2: t("So-so"), 1: t("Bad") };
  if (!said.can_rate) return said.score && notice("good", words[said.score], t("Thank you. That is noted."));
  return h("div.faces", { role: "group", "aria-label": t("How did it taste?") }, FACES.map(([score, iconName]) => {
    const press = button(words[score], { kind: said.score === score ? "go" : "quiet", iconName });
    press.setAttribute("aria-pressed", String(said.score === score));
    press.addEventListener("click", () => perform(press, async () => {
      await act("PUT", `/bookings/${booking.id}/rating`, { score });
      sayNext(t("Thank you. That is noted."));
      reopen();
    }));
    return press;
  }));
}

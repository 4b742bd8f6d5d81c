// The sitting is full: what happened, and where there is still a place.

import { act } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { actionBar, bigState, button, buttonLink, callCanteen, linkRow, list } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { capital, dayWords, mealWords } from "../../lib/words.js";

/** `nearby` comes with the refusal: [{canteen_id, name, sitting_id, places_left}]. */
export function fullView({ sitting, canteen, nearby, resident, perform, sentence = null }) {
  const when = { day: dayWords(sitting.service_on), meal: mealWords(sitting.meal) };
  return {
    title: capital(t("{day}: {meal} is fully booked", when)),
    body: [
      bigState("full", [sentence || t("All places at {canteen} are taken.", { canteen: canteen.name })]),
      nearby.length > 0 && h("section.stack", {}, h("h2", {}, t("These canteens near by still have places")),
        list(nearby.map((place) => nearbyRow(place, resident)))),
      buttonLink(t("Choose another meal here"), `/meals/canteens/${canteen.id}`, {
        kind: "quiet",
        query: { resident },
      }),
      callCanteen(canteen.phone),
    ],
    action: actionBar(
      waitFor(sitting, resident, perform),
      buttonLink(t("Look at other canteens"), "/meals/canteens", { kind: "quiet", query: { resident } }),
    ),
  };
}

function waitFor(sitting, resident, perform) {
  const wait = button(t("Wait for a place"), { iconName: "clock" });
  wait.addEventListener("click", () => perform(wait, async () => {
    const one = await act("POST", "/meal-waiting", { sitting_id: sitting.id, resident_id: Number(resident) });
    go(`/meals/waiting/${one.id}`, {}, { replace: true });
  }));
  return wait;
}

function nearbyRow(place, resident) {
  return linkRow({
    path: `/meals/sittings/${place.sitting_id}`,
    query: { canteen: place.canteen_id, resident },
    lead: "canteen",
    title: place.name,
    notes: [h("span.strong", {}, t("Places left: {count}", { count: place.places_left }))],
  });
}

// Ordering, second step: which day and hour of this month, and by whom.

import { now, timeOf, today } from "../../../lib/clock.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { capital, dayWords } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";

const DAYS = 7;
const HOURS = ["08:00", "10:00", "14:00", "16:00"];

export const orderWhen = {
  title: () => t("When, and from whom?"),
  parent: "/orders/new",

  async load({ read }) {
    const [choices, mine] = await Promise.all([
      read("/care-order-choices"), read("/care-allowances", {}, { keep: false }),
    ]);
    return { choices, mine };
  },

  view({ choices, mine }, { query }) {
    if (choices.providers.length === 0) return { body: bigState("empty", [t("Nobody provides this here yet.")]) };
    const own = mine.allowances.filter((one) => String(one.resident_id) === query.resident);
    const days = daysAhead(own.length ? own[0].until : null);
    if (days.length === 0) return { body: monthIsOver() };
    const wish = { day: days[0], hour: HOURS[1], site: String(choices.providers[0].id) };
    const choose = (legend, name, options) => radioCards({
      legend, name, choices: options, chosen: wish[name], onChoose: (value) => { wish[name] = value; },
    });
    const next = button(t("Next: the price"), { iconName: "next" });
    next.addEventListener("click", () => go("/orders/new/sure", { ...query, ...wish }));
    return {
      body: [
        h("p.soft", {}, t("Step 2 of 3")),
        choose(t("Which day?"), "day", days.map((day) => [day, capital(dayWords(day))])),
        choose(t("At what time?"), "hour", HOURS.map((hour) => [hour, hour])),
        choose(t("From whom?"), "site", choices.providers.map((one) => [String(one.id), one.name])),
      ],
      action: actionBar(next),
    };
  },
};

/** The coming days; where a voucher pays, those of its month. */
function daysAhead(until) {
  const first = timeOf(now()) < "15:00" ? 0 : 1;
  const start = new Date(today()).getTime();
  return Array.from({ length: DAYS }, (_, number) =>
    new Date(start + (first + number) * 24 * 3600 * 1000).toISOString().slice(0, 10))
    .filter((day) => !until || day <= until);
}

function monthIsOver() {
  return notice("look", t("This month's voucher ends today."), t("From tomorrow on you can order with the next one."));
}

// Ordering, third step: who pays what, and one big button.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, facts } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { capital, dayWords } from "../../../lib/words.js";
import { personOf } from "../../homes/home_words.js";
import { splitOf } from "./order_words.js";

export const orderSure = {
  title: () => t("Order this?"),
  parent: "/orders/new/when",

  async load({ query, read }) {
    const asked = { resident_id: query.resident, services: query.services, day: query.day };
    const [me, choices, split] = await Promise.all([
      read("/me"), read("/care-order-choices"), read("/care-order-quotes", asked, { keep: false }),
    ]);
    return { me, choices, split };
  },

  view({ me, choices, split }, { query, perform }) {
    const order = button(t("Order now"), { iconName: "check" });
    order.addEventListener("click", () => perform(order, () => orderNow(query)));
    const codes = query.services.split(",");
    const chosen = choices.services.filter((one) => codes.includes(one.code)).map((one) => one.name);
    const site = choices.providers.find((one) => String(one.id) === query.site);
    return {
      body: [
        h("p.soft", {}, t("Step 3 of 3")),
        h("section.card", { "aria-label": t("What you order") }, facts([
          ["person", t("For"), personOf(me, query.resident).name],
          ["care", t("What shall be done"), chosen.join("、")],
          ["clock", t("When"), `${capital(dayWords(query.day))} ${query.hour}`],
          site && ["building", t("From"), site.name],
        ])),
        h("section.card", { "aria-label": t("The price") }, splitOf(split)),
        h("p.soft", {}, t("Nothing is used of your voucher before somebody was there and you have confirmed it.")),
      ],
      action: actionBar(order),
    };
  },
};

async function orderNow({ resident, site, services, day, hour }) {
  const placed = await act("POST", "/care-orders", {
    resident_id: Number(resident), site_id: Number(site), services: services.split(","),
    starts_at: `${day}T${hour}:00+08:00`,
  });
  sayNext(t("It is ordered. The provider says who comes."));
  go(`/orders/${placed.id}`, {}, { replace: true });
}

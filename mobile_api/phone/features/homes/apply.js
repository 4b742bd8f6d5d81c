// Applying for a bed: for whom and of which kind, and what follows.

import { act } from "../../lib/api.js";
import { t } from "../../lib/i18n.js";
import { actionBar, button, notice } from "../../lib/parts.js";
import { go } from "../../lib/router.js";
import { radioCards } from "../help/radio_cards.js";
import { bedWords, personOf } from "./home_words.js";

export const applyForBed = {
  title: () => t("Apply for a bed"),
  parent: "/care",

  async load({ params, query, read }) {
    const [me, home] = await Promise.all([
      read("/me"), read(`/homes/${params.home}`, { resident_id: query.resident }),
    ]);
    return { me, home };
  },

  view({ me, home }, { query, perform }) {
    const wish = { resident: String(personOf(me, query.resident).id), kind: home.beds[0] && home.beds[0].kind };
    const send = button(t("Apply now"), { iconName: "check" });
    send.addEventListener("click", () => perform(send, () => apply(home, wish)));
    const title = t("Apply at {home}", { home: home.name });
    return { title, body: questions(me, home, wish), action: actionBar(send) };
  },
};

function questions(me, home, wish) {
  const whom = me.residents.length > 1 && radioCards({
    legend: t("For whom?"), name: "resident", chosen: wish.resident,
    onChoose: (resident) => { wish.resident = resident; },
    choices: me.residents.map((one) => [String(one.id), one.name]),
  });
  const kind = home.beds.length > 1 && radioCards({
    legend: t("Which kind of bed?"), name: "kind", chosen: wish.kind,
    onChoose: (value) => { wish.kind = value; },
    choices: home.beds.map((one) => [one.kind, bedWords(one.kind)]),
  });
  const what = notice("info", t("You get a place in the queue, and you can leave it at any time."),
    t("The home sees the name, the age and this number. When a bed is free, you get a message and decide then."));
  return [whom, kind, what].filter(Boolean);
}

async function apply(home, { resident, kind }) {
  const wish = { resident_id: Number(resident), site_id: home.id, kind };
  const application = await act("POST", "/applications", wish);
  go(`/care/applications/${application.id}`, {}, { replace: true });
}

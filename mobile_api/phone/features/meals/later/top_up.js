// Paying in by phone: how much, and one big button to the page of whoever takes the money.

import { act, read } from "../../../lib/api.js";
import { remember } from "../../../lib/draft.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, button, callCanteen, notice } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { money } from "../../../lib/words.js";
import { radioCards } from "../../help/radio_cards.js";
import { leaveToPay } from "./top_up_words.js";

const OTHER = "other";
const PAUSES_MS = [0, 700, 1500, 3000];

export const topUp = {
  title: () => t("Pay in by phone"),
  parent: "/wallets",

  load: ({ query, read }) =>
    read(`/residents/${query.resident}/top-up-choices`, { canteen_id: query.canteen }, { keep: false }),

  view(choices, { query, perform }) {
    if (!choices.is_on || choices.most_fen < choices.least_fen) return notPossible(choices);
    const wish = { tile: choices.tiles_fen.length ? String(choices.tiles_fen[0]) : OTHER };
    const other = otherSum(choices);
    const onward = button(t("Go on to pay"), { iconName: "next" });
    const choose = (value) => { wish.tile = value; other.field.hidden = value !== OTHER; };
    onward.addEventListener("click", () => {
      const fen = wish.tile === OTHER ? fenOf(other.input.value) : Number(wish.tile);
      const fits = fen >= choices.least_fen && fen <= choices.most_fen;
      other.say(fits ? "" : bounds(choices));
      if (fits) perform(onward, () => begin(query, fen));
    });
    choose(wish.tile);
    return {
      body: [
        h("p", {}, t("Into the meal money at {canteen}", { canteen: choices.canteen_name })),
        radioCards({
          legend: t("How much?"), name: "amount", chosen: wish.tile, onChoose: choose,
          choices: [...choices.tiles_fen.map((fen) => [String(fen), money(fen)]), [OTHER, t("Another sum")]],
        }),
        other.field,
      ],
      action: actionBar(onward),
    };
  },
};

function notPossible(choices) {
  const why = choices.is_on
    ? t("There is enough in it. More is not kept at a canteen.")
    : t("Nobody pays by phone here.");
  return { body: [notice("look", why, t("Pay in at the counter of your canteen.")), callCanteen(null)] };
}

function otherSum(choices) {
  const input = h("input.field__input", {
    id: "sum", name: "sum", inputmode: "decimal", autocomplete: "off", maxlength: 8,
    "aria-describedby": "sum-hint sum-wrong",
  });
  remember(input, "top-up");
  const wrong = h("p.field__error", { id: "sum-wrong", role: "alert" });
  const field = h("div.field", {}, h("label.field__label", { for: "sum" }, t("How many yuan?")),
    h("p.field__hint", { id: "sum-hint" }, bounds(choices)), input, wrong);
  const say = (sentence) => {
    wrong.textContent = sentence;
    input.setAttribute("aria-invalid", String(Boolean(sentence)));
    if (sentence) input.focus();
  };
  return { input, field, say };
}

function bounds(choices) {
  return t("From {least} to {most}", { least: money(choices.least_fen), most: money(choices.most_fen) });
}

function fenOf(typed) {
  const found = /^(\d{1,5})(?:[.。](\d{1,2}))?$/.exec(typed.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] || "0").padEnd(2, "0")) : 0;
}

async function begin({ resident, canteen }, fen) {
  const wish = { resident_id: Number(resident), canteen_id: Number(canteen), amount_fen: fen };
  const begun = await act("POST", "/top-ups", wish);
  const placed = await awaitPlace(begun);
  go(`/top-ups/${begun.id}`, {}, { replace: true });
  if (placed.pay_url) leaveToPay(placed.pay_url);
}

async function awaitPlace(begun) {
  let present = begun;
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    present = (await read(`/top-ups/${begun.id}`, {}, { keep: false })).body;
    if (present.state !== "opened") break;
  }
  return present;
}

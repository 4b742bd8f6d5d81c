// A family carer enrols: who learns, what they are to the elder, and for whom.

import { act } from "../../../lib/api.js";
import { h } from "../../../lib/dom.js";
import { t } from "../../../lib/i18n.js";
import { actionBar, bigState, button } from "../../../lib/parts.js";
import { go } from "../../../lib/router.js";
import { sayNext } from "../../../lib/screen.js";
import { radioCards } from "../../help/radio_cards.js";
import { field } from "../../identity/field.js";

export const enrolCarer = {
  title: () => t("Who learns?"),
  parent: "/caregiver/courses",

  load: ({ read }) => read("/me"),

  view(me, { params, perform }) {
    if (me.residents.length === 0) {
      return { body: bigState("care", [
        t("This course is for families."), t("You look after nobody on this phone yet.")]) };
    }
    const wish = { relation: "child", resident: String(me.residents[0].id) };
    const choose = (legend, name, choices) => radioCards({
      legend, name, choices, chosen: wish[name], onChoose: (value) => { wish[name] = value; },
    });
    const name = field({
      input: h("input.field__input", { id: "carer", name: "carer", autocomplete: "name", maxlength: 60 }),
      label: t("Your name"), hint: t("As it shall stand on the certificate"),
    });
    const send = button(t("Enrol now"), { iconName: "check" });
    send.addEventListener("click", () => {
      if (name.input.value.trim().length < 2) return name.refuse(t("Please type your name."));
      name.accept();
      return perform(send, () => enrol(params.session, { ...wish, name: name.input.value.trim() }));
    });
    return {
      body: [
        name.element,
        choose(t("What are you to the elder?"), "relation", [
          ["child", t("Son or daughter")], ["child_in_law", t("Son- or daughter-in-law")],
          ["spouse", t("Husband or wife")], ["grandchild", t("Grandchild")], ["other", t("Another relation")],
        ]),
        choose(t("Whom do you look after?"), "resident", me.residents.map((one) => [String(one.id), one.name])),
      ],
      action: actionBar(send),
    };
  },
};

async function enrol(session, { name, relation, resident }) {
  const body = { carer: { name, relation, resident_id: Number(resident) } };
  const course = await act("POST", `/courses/${session}/enrolment`, body);
  sayNext(course.enrolment_state === "enrolled" ? t("You have a place.") : t("You wait for a place now."));
  go(`/caregiver/courses/${session}`, {}, { replace: true });
}

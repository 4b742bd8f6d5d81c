"""What the pages of assessments are sent."""

from datetime import date
from typing import Any

import marshmallow as ma

from server.residents.assessments.errors import DiagnosisUnusable
from server.residents.assessments.models import AssessmentReason, CareRisk
from server.residents.assessments.rules import read_diagnoses
from server.residents.assessments.scale import PRESENT, Scale, scales
from server.web.blueprints import StrictSchema
from server.web.pages import PageArgs

FINDINGS, CHECK = "findings", "check"
STEPS = (*(section.code for section in scales()[PRESENT].sections), FINDINGS, CHECK)
ADD_UP, GO_ON = "add-up", "go-on"
MOST_EVENTS = 99


class BeginForm(StrictSchema):
    reason = ma.fields.Enum(AssessmentReason, by_value=True, required=True)
    assessed_on = ma.fields.Date(
        required=True, validate=ma.validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1))
    )
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class NoteForm(StrictSchema):
    """Why something is given back or withdrawn."""

    note = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class StepArgs(StrictSchema):
    step = ma.fields.String(load_default=STEPS[0], validate=ma.validate.OneOf(STEPS))


class DeskArgs(PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))
    number = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))


class StepForm(StrictSchema):
    """What every step sends; `step_form` adds the items of the scale."""

    step = ma.fields.String(required=True, validate=ma.validate.OneOf(STEPS))
    go = ma.fields.String(load_default=GO_ON, validate=ma.validate.OneOf((ADD_UP, GO_ON)))
    coma = ma.fields.Boolean(load_default=False)
    diagnoses = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))

    @ma.validates("diagnoses")
    def check_diagnoses(self, typed: str, **_: Any) -> None:
        try:
            read_diagnoses(typed)
        except DiagnosisUnusable as error:
            raise ma.ValidationError("Not a list of ICD-10 codes.") from error


def _points(most: int) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=0, max=most))


def step_form(scale: Scale) -> type[ma.Schema]:
    """Return the form of any step: nothing but the scale's own items and the findings."""
    items = {code: _points(item.most) for code, item in scale.items.items()}
    events = {f"event_{risk.value}": _points(MOST_EVENTS) for risk in CareRisk}
    form: type[ma.Schema] = StepForm.from_dict({**items, **events}, name="StepOfScaleForm")
    return form


def changes_of(values: dict[str, Any], scale: Scale) -> dict[str, Any]:
    """Return what a step changes of the sheet; the findings are always sent whole."""
    if values["step"] != FINDINGS:
        return {"points": {code: values[code] for code in scale.items if code in values}}
    events = {risk.value: values.get(f"event_{risk.value}", 0) for risk in CareRisk}
    return {
        "coma": values["coma"],
        "diagnoses": read_diagnoses(values["diagnoses"]),
        "events": {risk: count for risk, count in events.items() if count},
        "note": values["note"],
    }

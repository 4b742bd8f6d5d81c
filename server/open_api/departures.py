"""Deaths and moves as other departments report them: with a key, for a purpose, row by row."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlmodel import Session

from server.db.sessions import actor_of
from server.i18n.catalogues import marked
from server.identity.queries import name_of_key_holder
from server.identity.scopes import DEPARTURES
from server.open_api.keyed import PURPOSE_HEADER, say_rows, writes_with_key
from server.residents.departures.models import DepartureKind
from server.residents.departures.named import NamedReport, Told, report_named
from server.web.blueprints import StrictBlueprint, StrictSchema

blueprint = StrictBlueprint(
    "departures",
    __name__,
    url_prefix="/v1/departures",
    description="Reports that somebody died or moved away, from departments that hold a key.",
)

MOST_ROWS = 500
LONGEST_SOURCE = 40


class ReportedDepartureSchema(StrictSchema):
    """One report; `source_reference` is the sender's own number for it, by which it is known."""

    source_reference = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=80),
        metadata={"description": "Your own number for this report; sent again, nothing changes."},
    )
    kind = ma.fields.Enum(DepartureKind, by_value=True, required=True)
    happened_on = ma.fields.Date(
        format="%Y-%m-%d", required=True, metadata={"description": "The last day in the city."}
    )
    name = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    id_number = ma.fields.String(load_default=None, validate=ma.validate.Length(max=40))
    born_on = ma.fields.Date(
        format="%Y-%m-%d",
        load_default=None,
        metadata={"description": "Needed where there is no ID number."},
    )

    @ma.validates_schema
    def somebody_is_named(self, values: dict[str, Any], **_: Any) -> None:
        """A name alone means nobody."""
        if values.get("id_number") is None and values.get("born_on") is None:
            raise ma.ValidationError(marked("Missing data for required field."), "id_number")


class ReportedDeparturesSchema(StrictSchema):
    reports = ma.fields.List(
        ma.fields.Nested(ReportedDepartureSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_ROWS),
    )


class ReportOutcomeSchema(ma.Schema):
    source_reference = ma.fields.String()
    outcome = ma.fields.Enum(
        Told,
        by_value=True,
        metadata={
            "description": "`applied`: recorded now. `unchanged`: known already. `unknown`: nobody"
            " in the register is meant, which for most of a city's dead is right. `ambiguous`:"
            " several could be meant, send the ID number. `name_disagrees`: the ID number is"
            " somebody else's. `id_number_unusable`: its check digit is wrong. `contradicts`:"
            " recorded with another day, or the reference is another report's."
            " `reversed_before`: the same report was found to be a mistake. `impossible_day`: in"
            " the future or before the birth. Only `applied` changed anything."
        },
    )


class ReportOutcomesSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ReportOutcomeSchema))


@blueprint.post("")
@writes_with_key(DEPARTURES)
@blueprint.arguments(ReportedDeparturesSchema)
@blueprint.alt_response(200, schema=ReportOutcomesSchema)
@blueprint.doc(
    operationId="reportDepartures",
    security=[{"key": []}],
    parameters=[PURPOSE_HEADER],
    description="From the day after, bookings, sign-in, helpers and benefits of the resident end."
    " Every report is judged by itself and answered in the order sent; a batch can be sent again"
    " as it is, whatever became of the answer.",
)
def report_departures(body: dict[str, Any], *, fields: list[str], session: Session) -> Response:
    """Report up to 500 deaths and moves"""
    reports = [NamedReport(**one) for one in body["reports"]]
    key = actor_of(session).api_key or {}
    source = name_of_key_holder(session, key["id"])[:LONGEST_SOURCE]
    outcomes = report_named(session, reports, source=source)
    items = [
        {"source_reference": report.source_reference, "outcome": outcome.value}
        for report, outcome in zip(reports, outcomes, strict=True)
    ]
    return say_rows(jsonify({"items": items}), len(items))

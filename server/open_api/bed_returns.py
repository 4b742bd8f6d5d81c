"""Bed returns as the systems of whoever runs the facilities file them: with a key, row by row."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlmodel import Session

from server.db.sessions import actor_of
from server.facilities.models import BedKind
from server.facilities.returns.batches import SentReturn, Told, file_batch
from server.facilities.returns.rules import MOST_BEDS, Figures
from server.i18n.catalogues import marked
from server.identity.scopes import BED_RETURNS
from server.open_api.keyed import PURPOSE_HEADER, say_rows, writes_with_key
from server.web.blueprints import StrictBlueprint, StrictSchema
from server.web.keys import LARGEST_KEY

blueprint = StrictBlueprint(
    "bed_returns",
    __name__,
    url_prefix="/v1/bed-returns",
    description="Counts of beds that facilities file day by day, for holders of a key.",
)

MOST_ROWS = 500
NUMBERS = ("licensed", "usable", "occupied", "on_leave", "nursing_occupied")
A_COUNT = ma.validate.Range(min=0, max=MOST_BEDS)


class SentReturnSchema(StrictSchema):
    """One facility, kind of beds and day; the facility by `site_id` or by `source_key`."""

    site_id = ma.fields.Integer(
        load_default=None, strict=True, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )
    source_key = ma.fields.String(load_default=None, validate=ma.validate.Length(min=1, max=120))
    kind = ma.fields.Enum(BedKind, by_value=True, load_default=BedKind.INSTITUTION)
    day = ma.fields.Date(format="%Y-%m-%d", required=True)
    licensed = ma.fields.Integer(required=True, strict=True, validate=A_COUNT)
    usable = ma.fields.Integer(required=True, strict=True, validate=A_COUNT)
    occupied = ma.fields.Integer(required=True, strict=True, validate=A_COUNT)
    on_leave = ma.fields.Integer(required=True, strict=True, validate=A_COUNT)
    nursing_occupied = ma.fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=A_COUNT
    )

    @ma.validates_schema
    def a_facility_is_named(self, values: dict[str, Any], **_: Any) -> None:
        """By one of the two."""
        if (values.get("site_id") is None) == (values.get("source_key") is None):
            raise ma.ValidationError(marked("Missing data for required field."), "site_id")


class SentReturnsSchema(StrictSchema):
    returns = ma.fields.List(
        ma.fields.Nested(SentReturnSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_ROWS),
    )


class ReturnOutcomeSchema(ma.Schema):
    outcome = ma.fields.Enum(
        Told,
        by_value=True,
        metadata={
            "description": "`new`: filed now. `corrected`: filed before with other figures."
            " `unchanged`: filed before as it is. `not_yours`: no facility that this key files"
            " for. `figures_do_not_add_up`: occupied and on leave exceed the usable beds, the"
            " usable the licensed, or the nursing beds the occupied. `day_out_of_reach`: in the"
            " future, or too long ago to be corrected. `repeated`: an earlier row of this batch"
            " is of the same facility, kind and day. Only `new` and `corrected` changed anything."
        },
    )


class ReturnOutcomesSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ReturnOutcomeSchema))


@blueprint.post("")
@writes_with_key(BED_RETURNS)
@blueprint.arguments(SentReturnsSchema)
@blueprint.alt_response(200, schema=ReturnOutcomesSchema)
@blueprint.doc(
    operationId="fileBedReturns",
    security=[{"key": []}],
    parameters=[PURPOSE_HEADER],
    description="Every row is judged by itself and answered in the order sent; a batch can be"
    " sent again as it is. A past day is corrected for the reason that `Purpose` says.",
)
def file_returns(body: dict[str, Any], *, fields: list[str], session: Session) -> Response:
    """File up to 500 bed returns"""
    key = actor_of(session).api_key or {}
    rows = [_sent(row) for row in body["returns"]]
    told = file_batch(session, rows, api_key_id=key["id"], purpose=BED_RETURNS)
    items = [{"outcome": one.value} for one in told]
    return say_rows(jsonify({"items": items}), len(items))


def _sent(row: dict[str, Any]) -> SentReturn:
    figures = Figures(**{name: row.pop(name) for name in NUMBERS})
    return SentReturn(**row, figures=figures)

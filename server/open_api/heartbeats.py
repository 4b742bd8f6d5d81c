"""Heartbeats of devices in homes, as the gateways of whoever runs them hand them over."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlmodel import Session

from server.homecare.devices.hearing import Beat, Heard, hear
from server.identity.scopes import HEARTBEATS
from server.open_api.keyed import PURPOSE_HEADER, say_rows, writes_with_key
from server.web.blueprints import StrictBlueprint, StrictSchema
from server.web.instants import DeviceInstant

blueprint = StrictBlueprint(
    "heartbeats",
    __name__,
    url_prefix="/v1/heartbeats",
    description="Devices in homes tell that they are there, for holders of a key.",
)

MOST_BEATS = 500


class BeatSchema(StrictSchema):
    serial = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    at = DeviceInstant(required=True, metadata={"description": "By the gateway's clock."})


class BeatsSchema(StrictSchema):
    beats = ma.fields.List(
        ma.fields.Nested(BeatSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_BEATS),
    )


class BeatOutcomeSchema(ma.Schema):
    outcome = ma.fields.Enum(
        Heard,
        by_value=True,
        metadata={
            "description": "`heard`: taken. `not_yours`: no device of a provider that this key"
            " speaks for. `out_of_time`: more than three days ago, or in the future."
        },
    )


class BeatOutcomesSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(BeatOutcomeSchema))


@blueprint.post("")
@writes_with_key(HEARTBEATS)
@blueprint.arguments(BeatsSchema)
@blueprint.alt_response(200, schema=BeatOutcomesSchema)
@blueprint.doc(
    operationId="sendHeartbeats",
    security=[{"key": []}],
    parameters=[PURPOSE_HEADER],
    description="Every beat is answered in the order sent; a batch can be sent again as it is.",
)
def send(body: dict[str, Any], *, fields: list[str], session: Session) -> Response:
    """Hand over up to 500 heartbeats"""
    told = hear(session, [Beat(**beat) for beat in body["beats"]])
    return say_rows(jsonify({"items": [{"outcome": one.value} for one in told]}), len(told))

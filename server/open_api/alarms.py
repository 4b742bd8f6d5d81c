"""Calls for help from devices in homes, as the gateways of whoever runs them hand them over."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlmodel import Session

from server.homecare.alarms.models import AlarmKind
from server.homecare.alarms.raising import Raised, Signal, raise_alarms
from server.identity.scopes import ALARMS
from server.open_api.keyed import PURPOSE_HEADER, say_rows, writes_with_key
from server.web.blueprints import StrictBlueprint, StrictSchema
from server.web.instants import DeviceInstant

blueprint = StrictBlueprint(
    "alarms",
    __name__,
    url_prefix="/v1/alarms",
    description="Devices in homes call for help, for holders of a key.",
)

MOST_SIGNALS = 100


class SignalSchema(StrictSchema):
    serial = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    event_id = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=80),
        metadata={"description": "The device's own key of this call; sent again, nothing changes."},
    )
    kind = ma.fields.Enum(AlarmKind, by_value=True, required=True)
    at = DeviceInstant(
        required=True,
        metadata={"description": "By the device's clock; no call is refused because of it."},
    )


class SignalsSchema(StrictSchema):
    alarms = ma.fields.List(
        ma.fields.Nested(SignalSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_SIGNALS),
    )


class SignalOutcomeSchema(ma.Schema):
    outcome = ma.fields.Enum(
        Raised,
        by_value=True,
        metadata={
            "description": "`raised`: the first in the order is being called. `joined`: this device"
            " has an open alarm of this kind, which counts it. `known`: sent before. `not_yours`:"
            " no device of a provider that this key speaks for."
        },
    )


class SignalOutcomesSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SignalOutcomeSchema))


@blueprint.post("")
@writes_with_key(ALARMS)
@blueprint.arguments(SignalsSchema)
@blueprint.alt_response(200, schema=SignalOutcomesSchema)
@blueprint.doc(
    operationId="raiseAlarms",
    security=[{"key": []}],
    parameters=[PURPOSE_HEADER],
    description="Every call is answered in the order sent; send it again until it is answered.",
)
def raise_all(body: dict[str, Any], *, fields: list[str], session: Session) -> Response:
    """Hand over up to 100 calls for help"""
    told = raise_alarms(session, [Signal(**signal) for signal in body["alarms"]])
    return say_rows(jsonify({"items": [{"outcome": one.value} for one in told]}), len(told))

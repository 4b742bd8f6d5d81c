"""注销账号: told what ends and what is kept, then closed."""

from typing import Any

import marshmallow as ma
from sqlmodel import Session

from server.meals import closing
from server.web.access import reads, writes
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictBlueprint, StrictSchema

blueprint = StrictBlueprint(
    "closing", __name__, url_prefix="/v1/me/closing", description="Closing one's account."
)


class EndsSchema(AnswerSchema):
    """What closing would end, and for how long the phone number is kept."""

    devices = ma.fields.Integer()
    helped = ma.fields.Integer(metadata={"description": "People one acts for."})
    bookings = ma.fields.Integer(metadata={"description": "Own meals that can be cancelled."})
    phone_kept_days = ma.fields.Integer()


class CloseAccountSchema(StrictSchema):
    bookings = ma.fields.String(required=True, validate=ma.validate.OneOf(["keep", "cancel"]))


@blueprint.get("")
@reads("identity.see-self")
@blueprint.response(200, EndsSchema)
@blueprint.doc(operationId="previewClosing")
def preview_closing(*, session: Session) -> dict[str, Any]:
    """Show what closing the account would end"""
    return vars(closing.what_ends(session))


@blueprint.post("")
@writes("identity.see-self")
@blueprint.arguments(CloseAccountSchema)
@blueprint.response(204)
@blueprint.doc(operationId="closeAccount")
def close_account(command: dict[str, Any], *, session: Session) -> None:
    """Close the account at once: devices are signed out, and nobody is acted for any more"""
    closing.close_own_account(session, cancels_bookings=command["bookings"] == "cancel")

"""Ask for a home to be made safe, see what it costs, say yes or no, see it before and after."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.homecare import renovation_shown as shown
from mobile_api.homecare.renovation_schemas import (
    ApplyForRenovationSchema,
    OneRenovationSchema,
    RenovationAnswerSchema,
    RenovationPictureContentSchema,
    RenovationRatingSchema,
    RenovationRefusalSchema,
    RenovationsSchema,
)
from server.db.sessions import actor_of, reading
from server.facilities.referrals.models import RequestedBy
from server.files.queries import find_content
from server.homecare.renovations import applying, queries, quoting
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pictures import data_address

blueprint = StrictBlueprint(
    "renovations",
    __name__,
    url_prefix="/v1/renovations",
    description="Age-friendly renovation: asking for it, the quote, before and after.",
)

PERMISSION = "homecare.apply"


@reading
def resident_of_renovation(*, session: Session) -> int | None:
    """Return whose home stands in the address, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["renovation_id"])


@blueprint.post("")
@writes(PERMISSION)
@blueprint.arguments(ApplyForRenovationSchema)
@blueprint.response(201, OneRenovationSchema)
@blueprint.doc(operationId="applyForRenovation")
def apply_for_renovation(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Ask for a resident's home to be made safe"""
    check_may(session, command["resident_id"], HelperScope.APPLY)
    is_self = command["resident_id"] in actor_of(session).own_resident_ids
    by = RequestedBy.SELF if is_self else RequestedBy.HELPER
    made = applying.apply(session, **command, requested_by=by)
    return _shown(session, made.id or 0)


@blueprint.get("")
@reads(PERMISSION)
@blueprint.response(200, RenovationsSchema)
@blueprint.doc(operationId="listRenovations")
def list_renovations(*, session: Session) -> dict[str, Any]:
    """List the renovations of everybody this account may apply for, what goes on first"""
    rows = queries.list_of_residents(session, residents_within(session, HelperScope.APPLY))
    return {"items": [shown.renovation(row) for row in rows]}


@blueprint.get("/<int:renovation_id>")
@reads(PERMISSION)
@blueprint.response(200, OneRenovationSchema)
@blueprint.doc(operationId="getRenovation")
def get_renovation(*, renovation_id: int, session: Session) -> dict[str, Any]:
    """Show where a renovation stands, what it costs and who pays it, and its pictures"""
    _check_own(session, renovation_id)
    return _shown(session, renovation_id)


@blueprint.get("/<int:renovation_id>/pictures/<int:file_id>")
@reads(PERMISSION)
@blueprint.response(200, RenovationPictureContentSchema)
@blueprint.doc(operationId="getRenovationPicture")
def get_picture(*, renovation_id: int, file_id: int, session: Session) -> dict[str, Any]:
    """Show a room before or after"""
    _check_own(session, renovation_id)
    is_there = queries.has_photo(session, renovation_id, file_id)
    return {"picture": data_address(find_content(session, file_id) if is_there else None)}


@blueprint.post("/<int:renovation_id>/agreement")
@writes(PERMISSION, for_resident=resident_of_renovation)
@blueprint.arguments(RenovationAnswerSchema)
@blueprint.response(200, OneRenovationSchema)
@blueprint.doc(operationId="agreeToRenovation")
def agree(command: dict[str, Any], *, renovation_id: int, session: Session) -> dict[str, Any]:
    """Say yes to the quote that was seen; doing it twice is as good as once"""
    _check_own(session, renovation_id)
    quoting.agree(session, renovation_id, **command)
    return _shown(session, renovation_id)


@blueprint.post("/<int:renovation_id>/refusal")
@writes(PERMISSION, for_resident=resident_of_renovation)
@blueprint.arguments(RenovationRefusalSchema)
@blueprint.response(200, OneRenovationSchema)
@blueprint.doc(operationId="declineRenovation")
def decline(command: dict[str, Any], *, renovation_id: int, session: Session) -> dict[str, Any]:
    """Say no to the quote: the contractor may make another"""
    _check_own(session, renovation_id)
    quoting.decline(session, renovation_id, **command)
    return _shown(session, renovation_id)


@blueprint.post("/<int:renovation_id>/rating")
@writes(PERMISSION, for_resident=resident_of_renovation)
@blueprint.arguments(RenovationRatingSchema)
@blueprint.response(200, OneRenovationSchema)
@blueprint.doc(operationId="rateRenovation")
def rate(command: dict[str, Any], *, renovation_id: int, session: Session) -> dict[str, Any]:
    """Say how the work was, from one to five; the last word counts"""
    _check_own(session, renovation_id)
    applying.rate(session, renovation_id, **command)
    return _shown(session, renovation_id)


@blueprint.post("/<int:renovation_id>/end")
@writes(PERMISSION, for_resident=resident_of_renovation)
@blueprint.response(200, OneRenovationSchema)
@blueprint.doc(operationId="withdrawRenovation")
def withdraw(*, renovation_id: int, session: Session) -> dict[str, Any]:
    """Take it back, until the quote is agreed to; doing it twice is as good as once"""
    _check_own(session, renovation_id)
    applying.withdraw(session, renovation_id)
    return _shown(session, renovation_id)


def _check_own(session: Session, renovation_id: int) -> None:
    row = queries.get_renovation(session, renovation_id)
    check_may(session, row.resident_id, HelperScope.APPLY)


def _shown(session: Session, renovation_id: int) -> dict[str, Any]:
    row = queries.get_renovation(session, renovation_id)
    offered = queries.find_quote(session, renovation_id)
    lines = queries.list_lines(session, offered.id or 0) if offered else ()
    photos = queries.list_photos(session, renovation_id)
    return {
        **shown.renovation(row),
        "steps": shown.way(row, queries.list_moves(session, renovation_id)),
        "quote": shown.quote(offered, lines),
        "pictures": [shown.picture(photo) for photo in photos],
    }

"""Who helps a resident, what was done for her, and who looked at her file: hers alone to see."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.residents.schemas import (
    DoneForPageSchema,
    HelpedSchema,
    HelperCodeSchema,
    HelperSchema,
    HelpersSchema,
    NameHelperSchema,
    OfferCodeSchema,
    OpeningsSchema,
    UseCodeSchema,
)
from server.residents import grants, inviting, openings
from server.residents.models import GrantKind
from server.web.access import client_address, reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.deeds import deed
from server.web.pages import PageArgs, page_of, read_cursor

blueprint = StrictBlueprint(
    "helpers", __name__, url_prefix="/v1/residents", description="Who helps, and what was done."
)

LATEST = 100


@blueprint.get("/<int:resident_id>/helpers")
@reads("residents.see-helpers")
@blueprint.response(200, HelpersSchema)
@blueprint.doc(operationId="listHelpers")
def list_helpers(*, resident_id: int, session: Session) -> dict[str, Any]:
    """List who acts or acted for oneself"""
    grants.check_own(session, resident_id)
    return {"items": [_shown(row) for row in grants.list_helpers(session, resident_id)]}


@blueprint.post("/<int:resident_id>/helpers")
@writes("residents.choose-helpers")
@blueprint.arguments(NameHelperSchema)
@blueprint.response(201, HelperSchema)
@blueprint.doc(operationId="nameHelper")
def name_helper(command: dict[str, Any], *, resident_id: int, session: Session) -> dict[str, Any]:
    """Let somebody act for oneself"""
    grants.check_own(session, resident_id)
    given = inviting.name_helper(session, resident_id, holder_name=command.pop("name"), **command)
    rows = grants.list_helpers(session, resident_id)
    return next(_shown(row) for row in rows if row.id == given.id)


@blueprint.post("/<int:resident_id>/helper-codes")
@writes("residents.choose-helpers")
@blueprint.arguments(OfferCodeSchema)
@blueprint.response(201, HelperCodeSchema)
@blueprint.doc(operationId="offerHelperCode")
def offer_helper_code(
    command: dict[str, Any], *, resident_id: int, session: Session
) -> dict[str, Any]:
    """Make a code for whoever shall help: good once, for ten minutes"""
    grants.check_own(session, resident_id)
    return vars(inviting.offer_code(session, resident_id, **command))


@blueprint.post("/helped")
@writes("residents.use-helper-code")
@blueprint.arguments(UseCodeSchema)
@blueprint.response(201, HelpedSchema)
@blueprint.doc(operationId="useHelperCode")
def use_helper_code(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Begin to help the resident who shows a code"""
    name = inviting.use_code(
        session, holder_name=command.pop("name"), address=client_address(), **command
    )
    return {"name": name}


@blueprint.delete("/<int:resident_id>/helpers/<int:grant_id>")
@writes("residents.choose-helpers")
@blueprint.response(204)
@blueprint.doc(operationId="dismissHelper")
def dismiss_helper(*, resident_id: int, grant_id: int, session: Session) -> None:
    """Take a helper's right back, at once; doing it twice is as good as once"""
    grants.check_own(session, resident_id)
    grants.dismiss_helper(session, resident_id, grant_id)


@blueprint.get("/<int:resident_id>/acts")
@reads("residents.see-helpers")
@blueprint.arguments(PageArgs, location="query")
@blueprint.response(200, DoneForPageSchema)
@blueprint.doc(operationId="listActs")
def list_acts(args: dict[str, Any], *, resident_id: int, session: Session) -> dict[str, Any]:
    """List what was done for oneself and by whom, the latest first"""
    grants.check_own(session, resident_id)
    rows = grants.list_acts_for(
        session,
        resident_id,
        after=read_cursor(args["cursor"], datetime.fromisoformat, int),
        limit=args["limit"] + 1,
    )
    page = page_of(rows, limit=args["limit"], key=lambda row: (row.at, row.id))
    return {**page, "items": [_done(row) for row in page["items"]]}


@blueprint.get("/<int:resident_id>/openings")
@reads("residents.see-helpers")
@blueprint.response(200, OpeningsSchema)
@blueprint.doc(operationId="listOpenings")
def list_openings(*, resident_id: int, session: Session) -> dict[str, Any]:
    """List who looked at one's file, when and why, the latest first"""
    grants.check_own(session, resident_id)
    rows = openings.list_openings(session, resident_id, limit=LATEST)
    return {
        "items": [
            {
                "id": row.id,
                "at": row.opened_at,
                "name": row.staff_name or "",
                "reason": row.reason,
                "is_export": row.is_export,
            }
            for row in rows
        ]
    }


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "is_self": row.kind is GrantKind.SELF,
        "name": row.holder_name,
        "relation": row.relation.value if row.relation else None,
        "scopes": row.scopes,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "lasts": row.lasts,
    }


def _done(row: Row[Any]) -> dict[str, Any]:
    name = row.staff_name if row.staff_id is not None else row.holder_name
    return {
        "id": row.id,
        "at": row.at,
        "deed": deed(row.action),
        "by": _by(row),
        "name": name or "",
        "reason": row.reason,
    }


def _by(row: Row[Any]) -> str:
    if row.staff_id is not None:
        return "staff"
    return row.kind.value if row.kind is not None else "platform"

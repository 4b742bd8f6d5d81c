"""我的补贴: what I get each month and why, what waits, and a word against it."""

from datetime import date
from typing import Any

from sqlmodel import Session

from mobile_api.subsidies import reading, shown
from mobile_api.subsidies.schemas import (
    OneSubsidyLineSchema,
    OwnSubsidiesSchema,
    SaySubsidyObjectionSchema,
    SubsidyObjectionSchema,
)
from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.subsidies.claims.openings import list_openings
from server.subsidies.claims.rules import months_after
from server.subsidies.claims.versions import read_versions
from server.subsidies.notices.errors import NoticeIsOver
from server.subsidies.notices.models import Via
from server.subsidies.notices.objecting import object_to
from server.subsidies.own import lines
from server.subsidies.own.lines import Standing, Whose
from server.subsidies.reckoning.explaining import explain, in_brief
from server.subsidies.reckoning.lines import case_of, get_line
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "own_subsidies",
    __name__,
    url_prefix="/v1/subsidies",
    description="Subsidies of an elder or a caregiver: each month, why, and what waits.",
)
SEE, CLAIM = "subsidies.see-own", "subsidies.claim-own"
A_YEAR = 12


@blueprint.get("")
@reads(SEE)
@blueprint.response(200, OwnSubsidiesSchema)
@blueprint.doc(operationId="getOwnSubsidies")
def get_own_subsidies(*, session: Session) -> dict[str, Any]:
    """Show what this year's months brought, what waits, what can be claimed, and objections"""
    whose = reading.whose(session)
    return {
        "lines": _lines(session, whose, _a_year_back()),
        "openings": [
            shown.opening(one) for one in list_openings(session, reading.claimants(session, whose))
        ],
        "claims": reading.list_claims(session, whose),
        "objections": [shown.objection(row) for row in lines.list_own_objections(session)],
    }


@blueprint.get("/<int:run_id>/lines/<int:number>")
@reads(SEE)
@blueprint.response(200, OneSubsidyLineSchema)
@blueprint.doc(operationId="getOwnSubsidyLine")
def get_own_line(*, run_id: int, number: int, session: Session) -> dict[str, Any]:
    """Show how one amount came about, sentence by sentence with its clauses"""
    whose = reading.whose(session)
    row = get_line(session, run_id, number, whose.lines)
    told = [
        one
        for one in _lines(session, whose, row.month)
        if (one["run_id"], one["number"]) == (run_id, number)
    ]
    if not told:
        raise NotFound()
    case = case_of(session, row)
    return {
        **told[0],
        "can_object": told[0]["state"] == Standing.IN_NOTICE,
        "brief": [shown.sentence(one) for one in in_brief(case)],
        "sentences": [shown.sentence(one) for one in explain(case)],
    }


@blueprint.post("/<int:run_id>/lines/<int:number>/objection")
@writes(CLAIM, for_resident=reading.resident_of_line)
@blueprint.arguments(SaySubsidyObjectionSchema)
@blueprint.response(201, SubsidyObjectionSchema)
@blueprint.doc(operationId="objectToSubsidyLine")
def object_to_line(
    command: dict[str, Any], *, run_id: int, number: int, session: Session
) -> dict[str, Any]:
    """Say that an amount is wrong, while its notice stands"""
    get_line(session, run_id, number, reading.whose(session).lines)
    code = lines.find_notice_code(session, run_id)
    if code is None:
        raise NoticeIsOver()
    made = object_to(session, code=code, via=Via.PHONE, line=number, **command)
    told = {row.id: row for row in lines.list_own_objections(session)}
    return shown.objection(told[made.id])


def _a_year_back() -> date:
    return months_after(clock.today().replace(day=1), -A_YEAR)


def _lines(session: Session, whose: Whose, since: date) -> list[dict[str, Any]]:
    rows = lines.list_own(session, whose, since)
    programmes = read_versions(session, [row.version_id for row in rows])
    own = actor_of(session).own_resident_ids
    return [shown.line(row, programmes, own) for row in rows]

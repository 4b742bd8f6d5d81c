"""What is owed back of subsidies: why, how much a payment, what is left, and whom to ask."""

from typing import Any

from sqlmodel import Session

from mobile_api.subsidies import reading, shown
from mobile_api.subsidies.schemas import OneSubsidyRecoverySchema, SubsidyRecoveriesSchema
from server.subsidies.claims.versions import read_version
from server.subsidies.own import owed
from server.subsidies.recoveries.queries import list_entries
from server.web.access import reads
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "own_subsidy_recoveries",
    __name__,
    url_prefix="/v1/subsidy-recoveries",
    description="What an elder or a caregiver owes back of subsidies.",
)
SEE = "subsidies.see-own"


@blueprint.get("")
@reads(SEE)
@blueprint.response(200, SubsidyRecoveriesSchema)
@blueprint.doc(operationId="listSubsidyRecoveries")
def list_recoveries(*, session: Session) -> dict[str, Any]:
    """List what is owed back by everybody this account asks for, what is open first"""
    whose = reading.whose(session)
    rows = owed.list_owed(session, whose)
    coming = owed.next_taken(session, whose, rows)
    return {"items": [shown.recovery(row, coming) for row in rows]}


@blueprint.get("/<int:recovery_id>")
@reads(SEE)
@blueprint.response(200, OneSubsidyRecoverySchema)
@blueprint.doc(operationId="getSubsidyRecovery")
def get_recovery(*, recovery_id: int, session: Session) -> dict[str, Any]:
    """Show why something is owed back, what was paid of it, and what comes next"""
    whose = reading.whose(session)
    rows = owed.list_owed(session, whose)
    row = owed.get_owed(rows, recovery_id)
    programme = read_version(session, row.version_id)
    return {
        **shown.recovery(row, owed.next_taken(session, whose, rows)),
        "sentences": [shown.sentence(one) for one in owed.why_owed(session, whose, row)],
        "limit_clause": owed.limit_clause(programme) if row.most_percent else "",
        "entries": [shown.entry(one) for one in list_entries(session, recovery_id)],
    }

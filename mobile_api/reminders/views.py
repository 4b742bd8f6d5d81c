"""What a caregiver was reminded of, the latest first."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.reminders.schemas import RemindersSchema
from server import clock
from server.caregivers.queries import find_own
from server.caregivers.reminders.queries import list_of_caregiver
from server.db.sessions import actor_of
from server.web.access import reads
from server.web.blueprints import StrictBlueprint

MINUTES_OF_AN_HOUR = 60
blueprint = StrictBlueprint(
    "caregiver_reminders",
    __name__,
    url_prefix="/v1/caregiver/reminders",
    description="What a caregiver was reminded of.",
)


@blueprint.get("")
@reads("caregivers.see-own")
@blueprint.response(200, RemindersSchema)
@blueprint.doc(operationId="listCaregiverReminders")
def list_caregiver_reminders(*, session: Session) -> dict[str, Any]:
    """List what the caregiver of this account was reminded of; nothing for anybody else"""
    account_id = actor_of(session).account_id
    own = None if account_id is None else find_own(session, account_id=account_id)
    if own is None or own.id is None:
        return {"items": []}
    return {"items": [_shown(row) for row in list_of_caregiver(session, own.id, day=clock.today())]}


def _shown(row: Row[Any]) -> dict[str, Any]:
    facts = row.facts
    in_minutes = "minutes" in facts
    needed = facts.get("needed")
    return {
        "id": row.id,
        "kind": row.kind,
        "about_on": row.about_on,
        "reminded_on": row.due_on,
        "state": row.state,
        "done_on": row.done_on,
        "site_name": row.site_name,
        "site_phone": row.site_phone,
        "programme": facts.get("programme"),
        "missing": facts.get("missing", []),
        "number": facts.get("number"),
        "days": facts.get("days"),
        "hours": facts["minutes"] // MINUTES_OF_AN_HOUR if in_minutes else None,
        "needed": needed // MINUTES_OF_AN_HOUR if in_minutes else needed,
    }

"""Who gets a message of a step: the elder's phone, helpers who may apply, and the contractor."""

from collections.abc import Iterator

from sqlmodel import Session

from server import clock
from server.homecare.beds.telling import OF_USE, PHONES_OF_THE_ELDER, PHONES_OF_THE_PROVIDER
from server.homecare.renovations.models import Renovation, RenovationMove
from server.homecare.renovations.states import Move
from server.homecare.states import Told
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

KINDS = {Told.RESIDENT: "renovation.{step}", Told.PROVIDER: "renovation.provider_{step}"}


def tell(session: Session, renovation: Renovation, move: Move, row: RenovationMove) -> int:
    """Put messages of a step into the outbox; returns how many. Reaches everywhere already."""
    asked = [one for told in move.tells for one in _asked(session, renovation, told, row)]
    return ask_for_messages(session, asked)


def _asked(
    session: Session, renovation: Renovation, told: Told, row: RenovationMove
) -> Iterator[Asked]:
    if told is Told.PROVIDER and renovation.site_id is None:
        return
    query = PHONES_OF_THE_ELDER if told is Told.RESIDENT else PHONES_OF_THE_PROVIDER
    whose = (
        {"resident": renovation.resident_id}
        if told is Told.RESIDENT
        else {"site": renovation.site_id}
    )
    for phone in session.connection().execute(query, {**whose, "today": clock.today()}):
        yield Asked(
            phone=phone.phone,
            language=phone.language,
            channel=Channel.SMS,
            kind=KINDS[told].format(step=row.step.value),
            subject=f"renovation_move:{row.id}",
            facts={},
            due_at=row.at,
            expires_at=row.at + OF_USE,
        )

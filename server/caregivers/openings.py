"""Who read a caregiver's whole ID number and account, when and why; open for half an hour."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Text, exists, func, select
from sqlmodel import Session, col

from server import clock
from server.caregivers.asking.models import CaregiverOpening
from server.caregivers.errors import CaregiverFileClosed
from server.caregivers.models import ID_NUMBER_FIELD, PAYEE_FIELD, Caregiver
from server.caregivers.register import get_in_reach
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.secrets.fields import keyring

OPEN_FOR = timedelta(minutes=30)


def open_caregiver(session: Session, caregiver_id: int, *, reason: str) -> CaregiverOpening:
    """Open what is masked of a caregiver for the present staff member.

    Raises `NotFound` beyond one's reach, `NotAllowed` for anybody who is not staff.
    """
    get_in_reach(session, caregiver_id)
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    now = clock.now()
    opening = CaregiverOpening(
        caregiver_id=caregiver_id,
        staff_id=staff_id,
        reason=reason.strip(),
        opened_at=now,
        expires_at=now + OPEN_FOR,
    )
    session.add(opening)
    session.flush()
    return opening


def is_open(session: Session, caregiver_id: int) -> bool:
    """True while an opening by the present staff member lasts."""
    return bool(
        session.execute(
            select(
                exists().where(
                    col(CaregiverOpening.staff_id) == actor_of(session).staff_id,
                    col(CaregiverOpening.caregiver_id) == caregiver_id,
                    col(CaregiverOpening.expires_at) > clock.now(),
                )
            )
        ).scalar_one()
    )


def reveal(session: Session, caregiver: Caregiver) -> tuple[str, str | None]:
    """Return the whole ID number and account; raises `CaregiverFileClosed` before it is opened."""
    if not is_open(session, caregiver.id or 0):
        raise CaregiverFileClosed()
    number = keyring().decrypt(caregiver.id_number_cipher, ID_NUMBER_FIELD)
    sealed = caregiver.payee_cipher
    return number, keyring().decrypt(sealed, PAYEE_FIELD) if sealed else None


def list_openings(session: Session, caregiver_id: int, *, limit: int = 50) -> Sequence[Row[Any]]:
    """Return who looked, when and why, the latest first."""
    query: Any = (
        select(
            col(CaregiverOpening.opened_at),
            col(CaregiverOpening.reason),
            func.name_of_staff(col(CaregiverOpening.staff_id), type_=Text).label("staff_name"),
        )
        .where(col(CaregiverOpening.caregiver_id) == caregiver_id)
        .order_by(col(CaregiverOpening.opened_at).desc(), col(CaregiverOpening.id).desc())
        .limit(limit)
    )
    return session.execute(query).all()

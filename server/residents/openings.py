"""A person's file is opened with a reason, for half an hour, and everybody can see by whom.

The plan of the product sets the half hour (decisions, "Acts and the trail"); no regulation does.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Text, exists, func, insert, select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.residents.errors import FileNotOpen
from server.residents.models import Opening
from server.residents.register import get_in_reach

OPEN_FOR = timedelta(minutes=30)


def open_file(session: Session, resident_id: int, *, reason: str) -> Opening:
    """Open a resident's file for the present staff member.

    Raises `NotFound` beyond one's reach, `NotAllowed` for anybody who is not staff.
    """
    get_in_reach(session, resident_id)
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    now = clock.now()
    opening = Opening(
        resident_id=resident_id,
        staff_id=staff_id,
        reason=reason.strip(),
        opened_at=now,
        expires_at=now + OPEN_FOR,
    )
    session.add(opening)
    session.flush()
    return opening


def note_export(session: Session, resident_ids: Sequence[int], *, reason: str) -> None:
    """Write into these residents' history that they stood in an exported list, and why.

    Raises `NotAllowed` for anybody who is not staff.
    """
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    now = clock.now()
    said = {"staff_id": staff_id, "reason": reason.strip(), "opened_at": now,
            "expires_at": now + OPEN_FOR, "is_export": True}  # fmt: skip
    if resident_ids:
        session.execute(insert(Opening), [{"resident_id": one, **said} for one in resident_ids])


def is_open(session: Session, resident_id: int) -> bool:
    """True while an opening of this resident's file by the present staff member lasts."""
    return bool(
        session.execute(
            select(
                exists().where(
                    col(Opening.staff_id) == actor_of(session).staff_id,
                    col(Opening.resident_id) == resident_id,
                    col(Opening.expires_at) > clock.now(),
                    col(Opening.is_export).is_(False),
                )
            )
        ).scalar_one()
    )


def check_open(session: Session, resident_id: int) -> None:
    """Raise `FileNotOpen` unless the present staff member has opened this file."""
    if not is_open(session, resident_id):
        raise FileNotOpen()


def list_openings(session: Session, resident_id: int, *, limit: int) -> Sequence[Row[Any]]:
    """Return who opened the file, when and why, the latest first."""
    query: Any = (
        select(
            col(Opening.id),
            col(Opening.opened_at),
            col(Opening.reason),
            col(Opening.is_export),
            col(Opening.staff_id),
            func.name_of_staff(col(Opening.staff_id), type_=Text).label("staff_name"),
        )
        .where(col(Opening.resident_id) == resident_id)
        .order_by(col(Opening.opened_at).desc(), col(Opening.id).desc())
        .limit(limit)
    )
    return session.execute(query).all()

"""Which texts are in force, and who has agreed to what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, func, or_, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.residents.consents.models import Consent, ConsentText, Purpose


def list_texts(session: Session, *, language: str, today: date) -> Sequence[ConsentText]:
    """Return the text in force today of every purpose, the notice first."""
    query = (
        select(ConsentText)
        .where(_in_force(today), col(ConsentText.language) == language)
        .order_by(col(ConsentText.id))
    )
    return session.execute(query).scalars().all()


def get_text(session: Session, purpose: Purpose, *, language: str, today: date) -> ConsentText:
    """Return the text of a purpose that is in force today; raises `NotFound`."""
    found = [
        one for one in list_texts(session, language=language, today=today) if one.purpose is purpose
    ]
    if not found:
        raise NotFound()
    return found[0]


def list_open(
    session: Session, *, account_id: int | None, resident_ids: Sequence[int], today: date
) -> Sequence[Row[Any]]:
    """Return what stands of these people: whose, of which version, and whether that is the latest.

    `is_current` is False where a newer text is in force, which has to be agreed to anew.
    """
    mine: list[ColumnElement[bool]] = [col(Consent.resident_id).in_(resident_ids)]
    if account_id is not None:
        mine.append(col(Consent.account_id) == account_id)
    query = (
        _consents(today)
        .where(or_(*mine), col(Consent.withdrawn_at).is_(None))
        .order_by(col(Consent.id))
    )
    return session.execute(query).all()


def list_of_resident(session: Session, resident_id: int, *, today: date) -> Sequence[Row[Any]]:
    """Return every consent of a resident, withdrawn ones too, the latest first."""
    query = (
        _consents(today)
        .where(col(Consent.resident_id) == resident_id)
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
    )
    return session.execute(query).all()


def has_agreed(
    session: Session,
    purpose: Purpose,
    *,
    today: date,
    account_id: int | None = None,
    resident_id: int | None = None,
) -> bool:
    """True where an open consent of the person is to the text in force today."""
    whose: ColumnElement[bool] = (
        col(Consent.resident_id) == resident_id
        if resident_id is not None
        else col(Consent.account_id) == account_id
    )
    agreed = (
        select(col(Consent.id))
        .join(ConsentText, col(ConsentText.id) == col(Consent.text_id))
        .where(
            whose,
            col(Consent.purpose) == purpose,
            col(Consent.withdrawn_at).is_(None),
            _in_force(today),
        )
    )
    return bool(session.execute(select(agreed.exists())).scalar_one())


def _consents(today: date) -> Any:
    return select(
        col(Consent.id),
        col(Consent.account_id),
        col(Consent.resident_id),
        col(Consent.purpose),
        col(Consent.given_at),
        col(Consent.how),
        col(Consent.given_by),
        col(Consent.giver_name),
        col(Consent.witness_name),
        col(Consent.withdrawn_at),
        col(Consent.withdrawn_how),
        col(ConsentText.version),
        col(ConsentText.language),
        col(ConsentText.title),
        func.name_of_staff(col(Consent.recorded_by), type_=Text).label("staff_name"),
        _in_force(today).label("is_current"),
    ).join(ConsentText, col(ConsentText.id) == col(Consent.text_id))


def _in_force(today: date) -> ColumnElement[bool]:
    """No later version of the same purpose is valid by that day."""
    later = ConsentText.__table__.alias("later")  # type: ignore[attr-defined]
    newest = (
        select(func.max(later.c.version))
        .where(later.c.purpose == col(ConsentText.purpose), later.c.valid_from <= today)
        .correlate(ConsentText.__table__)  # type: ignore[attr-defined]
        .scalar_subquery()
    )
    return col(ConsentText.version) == newest

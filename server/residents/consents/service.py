"""Agree, withdraw, and ask whether somebody has agreed.

Consent is asked for where it is the ground of the processing (个人信息保护法 art. 13(1), 29). What
an office does by statute (art. 13(3), 34-35) needs none and asks none; it still informs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock, events
from server.db.sessions import actor_of
from server.errors import NotFound
from server.residents.consents import queries
from server.residents.consents.errors import ConsentNeeded, ConsentTextOutdated, WitnessNeeded
from server.residents.consents.events import ConsentWithdrawn
from server.residents.consents.models import (
    Consent,
    ConsentText,
    GivenHow,
    Giver,
    Purpose,
    WithdrawnHow,
)
from server.residents.grants import check_own


@dataclass(frozen=True)
class Agreement:
    """One thing agreed to, in the version that was read; without a resident it is the account's."""

    purpose: Purpose
    version: int
    resident_id: int | None = None


@dataclass(frozen=True)
class Paper:
    """What a window writes down of a consent given on paper or by word."""

    purpose: Purpose
    how: GivenHow
    given_by: Giver
    witness_name: str
    giver_name: str | None = None


def check_consent(session: Session, resident_id: int, purpose: Purpose) -> None:
    """Raise `ConsentNeeded` unless the resident has agreed to the text that is in force today."""
    if not queries.has_agreed(session, purpose, today=clock.today(), resident_id=resident_id):
        raise ConsentNeeded(purpose=purpose.value)


def is_notice_due(session: Session, account_id: int) -> bool:
    """True while the account has not agreed to the privacy notice that is in force today."""
    today = clock.today()
    return not queries.has_agreed(session, Purpose.NOTICE, today=today, account_id=account_id)


def agree(session: Session, agreements: Sequence[Agreement], *, language: str) -> None:
    """Write down what the signed-in account has agreed to; agreeing twice is as good as once.

    Raises `NotFound` for a resident who is not the account's own, `ConsentTextOutdated`.
    """
    for one in agreements:
        if one.resident_id is not None:
            check_own(session, one.resident_id)
        elif one.purpose is not Purpose.NOTICE:
            raise NotFound()
    texts = _texts(session, language)
    if any(one.purpose not in texts or texts[one.purpose].version != one.version
           for one in agreements):  # fmt: skip
        raise ConsentTextOutdated()
    account_id = actor_of(session).account_id
    _keep(session, texts, [
        {"account_id": None if one.resident_id else account_id, "resident_id": one.resident_id,
         "purpose": one.purpose, "how": GivenHow.APP, "given_by": Giver.SELF}
        for one in agreements
    ])  # fmt: skip


def record_paper(session: Session, resident_id: int, paper: Paper, *, language: str) -> None:
    """Write down at a window what a resident, or somebody for them, has agreed to before a witness.

    Raises `WitnessNeeded` where the witness is whoever agreed, or nobody.
    """
    witness, giver = paper.witness_name.strip(), (paper.giver_name or "").strip()
    is_self = paper.given_by is Giver.SELF
    if not witness or witness == giver or (not is_self and not giver):
        raise WitnessNeeded()
    _keep(session, _texts(session, language), [
        {"account_id": None, "resident_id": resident_id, "purpose": paper.purpose,
         "how": paper.how, "given_by": paper.given_by, "giver_name": None if is_self else giver,
         "witness_name": witness, "recorded_by": actor_of(session).staff_id}
    ])  # fmt: skip


def withdraw_own(session: Session, consent_id: int) -> None:
    """Take back one of the account's own consents; doing it twice is as good as once.

    Raises `NotFound` for a consent of somebody else.
    """
    actor = actor_of(session)
    mine = or_(
        col(Consent.account_id) == actor.account_id,
        col(Consent.resident_id).in_(actor.own_resident_ids),
    )
    _withdraw(session, consent_id, mine, WithdrawnHow.APP)


def withdraw_at_window(session: Session, resident_id: int, consent_id: int) -> None:
    """Take back a resident's consent at their word. Raises `NotFound` for somebody else's."""
    _withdraw(session, consent_id, col(Consent.resident_id) == resident_id, WithdrawnHow.WINDOW)


def _texts(session: Session, language: str) -> dict[Purpose, ConsentText]:
    texts = queries.list_texts(session, language=language, today=clock.today())
    return {one.purpose: one for one in texts}


def _keep(
    session: Session, texts: Mapping[Purpose, ConsentText], rows: Sequence[dict[str, Any]]
) -> None:
    """An open consent to the same version stays as it is; one to an older text makes room."""
    now = clock.now()
    outdated = or_(*(_to_another_version(row, texts[row["purpose"]]) for row in rows))
    session.execute(
        update(Consent)
        .where(col(Consent.withdrawn_at).is_(None), outdated)
        .values(withdrawn_at=now, withdrawn_how=WithdrawnHow.REPLACED),
        execution_options={"synchronize_session": False},
    )
    given = [{**row, "text_id": texts[row["purpose"]].id, "given_at": now} for row in rows]
    session.execute(insert(Consent).values(given).on_conflict_do_nothing())


def _to_another_version(row: dict[str, Any], text: ConsentText) -> ColumnElement[bool]:
    """The same version in the other language is the same agreement."""
    whose = (
        col(Consent.resident_id) == row["resident_id"]
        if row["resident_id"] is not None
        else col(Consent.account_id) == row["account_id"]
    )
    same = select(col(ConsentText.id)).where(
        col(ConsentText.purpose) == text.purpose, col(ConsentText.version) == text.version
    )
    return and_(whose, col(Consent.purpose) == text.purpose, col(Consent.text_id).not_in(same))


def _withdraw(
    session: Session, consent_id: int, whose: ColumnElement[bool], how: WithdrawnHow
) -> None:
    facts = (col(Consent.withdrawn_at), col(Consent.resident_id), col(Consent.purpose))
    found = select(*facts).where(col(Consent.id) == consent_id, whose)
    consent = session.execute(found.with_for_update()).one_or_none()
    if consent is None:
        raise NotFound()
    if consent.withdrawn_at is None:
        session.execute(
            update(Consent)
            .where(col(Consent.id) == consent_id)
            .values(withdrawn_at=clock.now(), withdrawn_how=how),
            execution_options={"synchronize_session": False},
        )
        if consent.resident_id is not None:
            events.publish(session, ConsentWithdrawn(consent.resident_id, consent.purpose))

"""How a resident lets somebody help: by a code that she shows, or by naming a phone.

The limits are the plan of the product: a code lives ten minutes and opens once, five helpers are
many, and whoever guesses is stopped. A window binds without them (`grants.bind_helper`).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import KeptRefusal, TryAgain, actor_of, reaching_everywhere
from server.errors import NotAllowed
from server.identity.models import Account
from server.identity.rules import Limit
from server.identity.service.throttles import count
from server.notifications.models import Channel
from server.notifications.service import ask_for_message
from server.residents import grants
from server.residents.errors import (
    AlreadyHelps,
    HelperCodeUnknown,
    HelpersTriedTooOften,
    TooManyHelpers,
)
from server.residents.models import (
    GrantKind,
    HelperCode,
    HelperScope,
    Relation,
    Resident,
    ResidentGrant,
)
from server.secrets.fields import keyring

CODE_FIELD = "helper_code.code"
CODE_LIVES = timedelta(minutes=10)
MOST_HELPERS = 5
NAMED_A_DAY: Limit = (10, timedelta(days=1))
CODES_A_DAY: Limit = (20, timedelta(days=1))
TRIES_OF_AN_ACCOUNT: Limit = (5, timedelta(minutes=15))
TRIES_OF_AN_ADDRESS: Limit = (60, timedelta(hours=1))

# Whoever adds a helper holds the resident, so that two at once are counted one after the other.
HOLD = text("SELECT id FROM resident WHERE id = :id FOR UPDATE")


@dataclass(frozen=True)
class Shown:
    """A code as the resident reads it out; the database keeps its keyed digest."""

    code: str
    expires_at: datetime


def offer_code(session: Session, resident_id: int, *, scopes: Sequence[HelperScope]) -> Shown:
    """Return a new code for the resident's helper-to-be, good once; the one before ends.

    Raises `TooManyHelpers`, `HelpersTriedTooOften`.
    """
    _count(session, "offered", CODES_A_DAY)
    _check_room(session, resident_id)
    now = clock.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    values: dict[str, Any] = {
        "code_digest": keyring().digest(code, CODE_FIELD),
        "scopes": [scope.value for scope in scopes],
        "made_at": now,
        "expires_at": now + CODE_LIVES,
    }
    with reaching_everywhere(session):
        session.execute(delete(HelperCode).where(col(HelperCode.expires_at) <= now))
    with refusing(session, {"uq_helper_code_code_digest": TryAgain()}):
        session.execute(
            upsert(HelperCode)
            .values(resident_id=resident_id, **values)
            .on_conflict_do_update(index_elements=["resident_id"], set_=values)
        )
    return Shown(code, now + CODE_LIVES)


def use_code(
    session: Session, *, code: str, holder_name: str, relation: Relation, address: str
) -> str:
    """Let the signed-in account act within the scopes of the code; returns the resident's name.

    Both are told by message. Raises `HelperCodeUnknown` (the try counts), `HelpersTriedTooOften`,
    `AlreadyHelps`, `TooManyHelpers`.
    """
    account_id = actor_of(session).account_id
    if account_id is None:
        raise NotAllowed()
    _count(session, "tried", TRIES_OF_AN_ACCOUNT)
    count(session, f"helper-code/{address}", TRIES_OF_AN_ADDRESS, refusal=HelpersTriedTooOften)
    with reaching_everywhere(session):
        taken = _take(session, code)
        if taken is not None:
            _bind(session, account_id, taken, holder_name=holder_name, relation=relation)
            _tell_both(session, account_id, taken.resident_id, holder_name)
            return session.get_one(Resident, taken.resident_id).name
    raise KeptRefusal(HelperCodeUnknown())


def name_helper(
    session: Session,
    resident_id: int,
    *,
    phone: str,
    holder_name: str,
    relation: Relation,
    scopes: Sequence[HelperScope],
) -> ResidentGrant:
    """Let the account of a phone act for the resident; whether the phone had one is not told.

    Raises what `grants.bind_helper` raises, `TooManyHelpers`, `HelpersTriedTooOften`.
    """
    _count(session, "named", NAMED_A_DAY)
    try:
        _check_room(session, resident_id)
        return grants.bind_helper(
            session, resident_id, phone=phone, holder_name=holder_name, relation=relation,
            scopes=scopes,
        )  # fmt: skip
    except (AlreadyHelps, TooManyHelpers) as refusal:
        raise KeptRefusal(refusal) from refusal


def _count(session: Session, what: str, limit: Limit) -> None:
    bucket = f"helpers/{what}/{actor_of(session).subject}"
    count(session, bucket, limit, refusal=HelpersTriedTooOften)


def _check_room(session: Session, resident_id: int) -> None:
    session.connection().execute(HOLD, {"id": resident_id})
    helping = session.execute(
        select(func.count()).where(
            col(ResidentGrant.resident_id) == resident_id,
            col(ResidentGrant.kind) == GrantKind.HELPER,
            grants.lasts_on(clock.today()),
        )
    ).scalar_one()
    if helping >= MOST_HELPERS:
        raise TooManyHelpers(most=MOST_HELPERS)


def _take(session: Session, code: str) -> Any:
    """Of two who type it at once, one finds it gone."""
    digest = keyring().digest("".join(filter(str.isdigit, code)), CODE_FIELD)
    taken = delete(HelperCode).where(
        col(HelperCode.code_digest) == digest, col(HelperCode.expires_at) > clock.now()
    )
    found = taken.returning(col(HelperCode.resident_id), col(HelperCode.scopes))
    return session.execute(found).one_or_none()


def _bind(
    session: Session, account_id: int, taken: Any, *, holder_name: str, relation: Relation
) -> None:
    _check_room(session, taken.resident_id)
    grants.bind_account(
        session, taken.resident_id, account_id, holder_name=holder_name, relation=relation,
        scopes=[HelperScope(scope) for scope in taken.scopes],
    )  # fmt: skip


def _tell_both(session: Session, account_id: int, resident_id: int, holder_name: str) -> None:
    own = select(col(ResidentGrant.account_id)).where(
        col(ResidentGrant.resident_id) == resident_id,
        col(ResidentGrant.kind) == GrantKind.SELF,
        grants.lasts_on(clock.today()),
    )
    told = select(Account).where(
        (col(Account.id) == account_id) | col(Account.id).in_(own), col(Account.closed_at).is_(None)
    )
    for account in session.execute(told.order_by(col(Account.id))).scalars():
        kind = "residents.you_help" if account.id == account_id else "residents.helper_added"
        ask_for_message(
            session,
            phone=account.phone,
            language=account.language,
            channel=Channel.SMS,
            kind=kind,
            subject=f"resident:{resident_id}",
            facts={"name": holder_name},
            due_at=clock.now(),
        )

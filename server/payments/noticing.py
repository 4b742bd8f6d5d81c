"""A provider tells by itself: every notice is judged, kept as evidence, and used at most once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select, text
from sqlmodel import Session, col

from server import clock
from server.payments import queries, rules
from server.payments.errors import NoticeForged
from server.payments.models import PaymentNotice, ProviderName, Verdict
from server.payments.providing import Notice, NotTheirs, Provider
from server.payments.service import take_standing

LONGEST_BODY, OF_A_STRANGER = 1000, 200
AN_HOUR = timedelta(hours=1)
FORGED_AN_HOUR = 200  # More of them say nothing new, and would fill the table.
# The same notice once more is counted where it stands: a flood of it is one row.
KEEP = text(
    """
    INSERT INTO payment_notice (provider, payment_id, verdict, nonce, digest, body, received_at)
    VALUES (:provider, :payment, :verdict, :nonce, :digest, :body, :now)
    ON CONFLICT (provider, digest) DO UPDATE SET times = payment_notice.times + 1
    """
)


@dataclass(frozen=True)
class _Came:
    """A notice as it came."""

    provider: ProviderName
    digest: bytes
    body: str


def take_notice(
    session: Session, provider: Provider, headers: Mapping[str, str], body: bytes
) -> Verdict:
    """Believe a notice or refuse it, keep it either way, and return what it was worth.

    Raises `NoticeForged` for one of many forged ones, of which nothing is kept.
    """
    came = _Came(provider.name, _digest(headers, body), body.decode(errors="replace"))
    try:
        notice = provider.read_notice(headers, body)
    except NotTheirs:
        return _take_forged(session, came)
    if not rules.is_fresh(notice.signed_at, now=clock.now()):
        _keep(session, came, Verdict.STALE)
        return Verdict.STALE
    return _take_fresh(session, came, notice)


def _take_forged(session: Session, came: _Came) -> Verdict:
    """Raised, the refusal ends the transaction: a flood leaves no rows, and no acts either."""
    if queries.count_forged(session, since=clock.now() - AN_HOUR) >= FORGED_AN_HOUR:
        raise NoticeForged()
    _keep(session, came, Verdict.FORGED)
    return Verdict.FORGED


def _take_fresh(session: Session, came: _Came, notice: Notice) -> Verdict:
    """The payment is held first: of two workers with one notice the second sees its nonce."""
    payment = queries.find_held(session, notice.standing.number)
    payment_id = payment.id if payment else None
    if _is_nonce_used(session, came.provider, notice.nonce):
        _keep(session, came, Verdict.REPLAYED, payment_id=payment_id)
        return Verdict.REPLAYED
    verdict = take_standing(session, notice.standing)
    _keep(session, came, verdict, payment_id=payment_id, nonce=notice.nonce)
    return verdict


def _is_nonce_used(session: Session, provider: ProviderName, nonce: str) -> bool:
    used = exists().where(
        col(PaymentNotice.provider) == provider, col(PaymentNotice.nonce) == nonce
    )
    return bool(session.execute(select(used)).scalar_one())


def _keep(
    session: Session,
    came: _Came,
    verdict: Verdict,
    *,
    payment_id: int | None = None,
    nonce: str = "",
) -> None:
    longest = OF_A_STRANGER if verdict is Verdict.FORGED else LONGEST_BODY
    values = {
        "provider": came.provider.value,
        "payment": payment_id,
        "verdict": verdict.value,
        "nonce": nonce,
        "digest": came.digest,
        "body": came.body.replace("\0", "")[:longest],
        "now": clock.now(),
    }
    session.connection().execute(KEEP, values)


def _digest(headers: Mapping[str, str], body: bytes) -> bytes:
    signed = sorted((name.lower(), value) for name, value in headers.items())
    told = "\n".join(f"{name}:{value}" for name, value in signed)
    return hashlib.sha256(told.encode() + b"\n\n" + body).digest()

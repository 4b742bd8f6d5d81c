"""The city's keys for meal codes: made by the platform, kept sealed, changed every quarter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row, func, select, update
from sqlmodel import Session, col

from server import clock
from server.errors import NotFound
from server.meals.counter import codes
from server.meals.counter.models import MealKey
from server.secrets.fields import keyring

PRIVATE_FIELD = "meal_key.private"
LASTS = timedelta(days=90)


@dataclass(frozen=True)
class Signer:
    """The key that signs at present."""

    number: int
    private_key: Ed25519PrivateKey

    def token(self, booking: Row[Any]) -> str:
        """Return the signed code of a booking."""
        claim = codes.Claim(
            self.number,
            booking.id,
            booking.canteen_id,
            booking.service_on,
            booking.meal,
            booking.code,
        )
        return codes.sign(claim, self.private_key)


def find_signer(session: Session) -> Signer | None:
    """Return the key that signs; None in a city that has none yet."""
    row = session.execute(
        select(col(MealKey.number), col(MealKey.private_cipher)).where(
            col(MealKey.retired_at).is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    raw = keyring().decrypt_bytes(row.private_cipher, PRIVATE_FIELD)
    return Signer(row.number, Ed25519PrivateKey.from_private_bytes(raw))


def list_public_keys(session: Session) -> Mapping[int, bytes]:
    """Return number → public key of all that were not revoked, for counters to check by."""
    query = select(col(MealKey.number), col(MealKey.public_key)).where(
        col(MealKey.revoked_at).is_(None)
    )
    return {row.number: row.public_key for row in session.execute(query).all()}


def is_key_due(session: Session) -> bool:
    """True where no key signs yet, or the present one is a quarter old."""
    since = session.execute(
        select(col(MealKey.made_at)).where(col(MealKey.retired_at).is_(None))
    ).scalar_one_or_none()
    return since is None or clock.now() - since >= LASTS


def renew_keys(session: Session) -> bool:
    """Make a key where there is none, or where the present one is a quarter old; True if so."""
    if not is_key_due(session):
        return False
    make_key(session)
    return True


def make_key(session: Session) -> int:
    """Let a new key sign from now and return its number; the one before is still believed."""
    now = clock.now()
    session.execute(update(MealKey).where(col(MealKey.retired_at).is_(None)).values(retired_at=now))
    last: int = session.execute(
        select(func.coalesce(func.max(col(MealKey.number)), 0))
    ).scalar_one()
    private_key = Ed25519PrivateKey.generate()
    session.add(
        MealKey(
            number=last + 1,
            public_key=private_key.public_key().public_bytes_raw(),
            private_cipher=keyring().encrypt_bytes(private_key.private_bytes_raw(), PRIVATE_FIELD),
            made_at=now,
        )
    )
    session.flush()
    return last + 1


def revoke_key(session: Session, number: int) -> int:
    """Believe no code of this key any more, since it has become known; returns which key signs.

    A new key signs where it was the present one; twice is as good as once. Raises `NotFound`.
    """
    key = session.get(MealKey, number, with_for_update=True)
    if key is None:
        raise NotFound()
    if key.retired_at is None:
        make_key(session)
    session.execute(
        update(MealKey)
        .where(col(MealKey.number) == number, col(MealKey.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )
    present: int = session.execute(
        select(col(MealKey.number)).where(col(MealKey.retired_at).is_(None))
    ).scalar_one()
    return present


def list_keys(session: Session) -> Sequence[Row[Any]]:
    """Return every key there was, the latest first."""
    return session.execute(
        select(
            col(MealKey.number),
            col(MealKey.made_at),
            col(MealKey.retired_at),
            col(MealKey.revoked_at),
        ).order_by(col(MealKey.number).desc())
    ).all()

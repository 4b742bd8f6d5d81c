"""How often something may be tried, counted in the database for every process at once."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import KeptRefusal
from server.errors import DomainError
from server.identity import rules
from server.identity.errors import LockedOut
from server.identity.models import Throttle
from server.identity.rules import Limit
from server.secrets.fields import keyring


def check_open(
    session: Session, bucket: str, limit: Limit, *, refusal: type[DomainError] = LockedOut
) -> None:
    """Raise the refusal, with the seconds to wait, where the bucket is full."""
    most, window = limit
    began = rules.window_of(clock.now(), window)
    if tries_in(session, bucket, limit) >= most:
        raise refusal(retry_after=rules.seconds_until(began + window, now=clock.now()))


def tries_in(session: Session, bucket: str, limit: Limit) -> int:
    """Return how many tries the present window has counted."""
    counted = session.execute(
        select(func.sum(col(Throttle.count))).where(
            col(Throttle.bucket_digest) == _digest(bucket),
            col(Throttle.window_at) == rules.window_of(clock.now(), limit[1]),
        )
    ).scalar()
    return counted or 0


def count(session: Session, bucket: str, limit: Limit, *, refusal: type[DomainError]) -> int:
    """Count one try and return how many there are; refuse one too many with the seconds to wait."""
    most, window = limit
    began = rules.window_of(clock.now(), window)
    row = upsert(Throttle).values(bucket_digest=_digest(bucket), window_at=began, count=1)
    counted: int = session.execute(
        row.on_conflict_do_update(
            index_elements=["bucket_digest", "window_at"],
            set_={"count": col(Throttle.count) + 1},
        ).returning(col(Throttle.count))
    ).scalar_one()
    if counted > most:
        wait = rules.seconds_until(began + window, now=clock.now())
        raise KeptRefusal(refusal(retry_after=wait))
    return counted


def _digest(bucket: str) -> bytes:
    return keyring().digest(bucket, "throttle")

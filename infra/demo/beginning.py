"""When and from which seed a city's demo began. The act that began it remembers both.

People, and so their ID numbers, are made from the seed and from the ages of that day: a later load
of more residents continues the same numbering instead of beginning another.
"""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from server import clock

ACTION = "demo"
DEFAULT_SEED = 1405
REASON = re.compile(r"seed (\d+)")

IS_INHABITED = text("SELECT EXISTS (SELECT 1 FROM resident)")
FIRST_ACT = text("SELECT at, reason FROM act WHERE action = :action ORDER BY id LIMIT 1")


class CityInhabited(ValueError):
    """The city has residents who are not the demo's: made-up people may not be put among them."""


class OtherSeed(ValueError):
    """The city holds a demo that was begun with another seed."""


@dataclass(frozen=True)
class Beginning:
    """What every made-up thing of the city follows from."""

    seed: int
    day: date

    @property
    def reason(self) -> str:
        """What the acts of the demo give as their reason."""
        return f"seed {self.seed}"


def find_beginning(session: Session) -> Beginning | None:
    """Return how the city's demo began, `None` where it has none."""
    first = session.connection().execute(FIRST_ACT, {"action": ACTION}).one_or_none()
    seed = REASON.search(first.reason or "") if first else None
    return Beginning(int(seed[1]), clock.day_of(first.at)) if first and seed else None


def agree(session: Session, *, seed: int | None) -> Beginning:
    """Return the beginning to continue from, or a new one; raises `OtherSeed`, `CityInhabited`."""
    found = find_beginning(session)
    if found is None:
        if session.connection().execute(IS_INHABITED).scalar():
            raise CityInhabited
        return Beginning(DEFAULT_SEED if seed is None else seed, clock.today())
    if seed is not None and seed != found.seed:
        raise OtherSeed(found.seed)
    return found

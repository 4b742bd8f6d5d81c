"""Who does what in the simulated year: one hand an office, each signed in, none doing two parts."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity.models import Role, Staff, StaffRole
from server.identity.service.sign_ins import open_sign_in

SINCE = date(2020, 1, 1)
LASTS = timedelta(days=1500)
COUNTIES = text("SELECT code FROM division WHERE level = 'county' ORDER BY code")
NO_LIMIT = text("SET LOCAL statement_timeout = 0")


@dataclass
class Hands:
    """The token of each, by role and place."""

    city: str
    tokens: dict[tuple[Role, str], str] = field(default_factory=dict)
    counties: Sequence[str] = ()

    @contextmanager
    def of(self, role: Role, place: str | None = None) -> Iterator[Session]:
        """Yield a transaction of whoever holds the role."""
        token = self.tokens[role, place or self.city]
        act = Act(Face.CONSOLE, "bench.year", uuid.uuid4().hex, token=token)
        with acting(act), transaction() as session:
            session.connection().execute(NO_LIMIT)
            yield session


@contextmanager
def platform() -> Iterator[Session]:
    """Yield a transaction of the platform itself: what jobs do."""
    with transaction() as session:
        session.connection().execute(NO_LIMIT)
        yield session


def sit_down(city: str) -> Hands:
    """Let somebody sit at every desk of the city and of its counties."""
    hands = Hands(city)
    with platform() as session:
        hands.counties = list(session.connection().execute(COUNTIES).scalars())
        for role in (Role.CITY_OFFICER, Role.APPROVER, Role.CASHIER, Role.AUDITOR):
            hands.tokens[role, city] = _one(session, role, city)
        for code in hands.counties:
            hands.tokens[Role.COUNTY_OFFICER, code] = _one(session, Role.COUNTY_OFFICER, code)
    return hands


def _one(session: Session, role: Role, division_code: str) -> str:
    name = f"year-{role.value}-{uuid.uuid4().hex[:8]}"
    staff = Staff(sign_in_name=name, display_name=name)
    session.add(staff)
    session.flush()
    session.add(
        StaffRole(staff_id=staff.id, role=role, division_code=division_code, starts_on=SINCE)
    )
    return open_sign_in(
        session, staff_id=staff.id, device_label="", now=clock.now(), lasts=LASTS,
        second_factor_at=clock.now(),
    ).token  # fmt: skip


def be_on(day: date) -> None:
    """Let it be ten in the morning of a day."""
    clock.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))

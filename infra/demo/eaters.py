"""The demo's residents as a booking must know them: age, hardship, and where they usually eat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from infra.demo.faces import FACES, MOTHER
from infra.demo.residents import Population
from server.meals import rules
from server.residents.models import ID_NUMBER_FIELD, HardshipPeriod, HardshipTier, Resident
from server.secrets.fields import keyring

MOST_EATERS = 2_000

Period = tuple[str, date, date | None]


@dataclass
class Eater:
    """A resident, with the numbers of the subsidised meals that each day has for them so far."""

    resident_id: int
    born_on: date
    periods: Sequence[Period]
    subsidised: dict[date, list[int]] = field(default_factory=dict)

    def on(self, day: date) -> rules.Eater:
        """Return what the price split must know of the day."""
        return rules.Eater(
            rules.full_years(self.born_on, on=day),
            self._tier_on(day),
            len(self.subsidised.get(day, [])),
        )

    def take_subsidised_number(self, day: date) -> int:
        """Count one more subsidised meal of the day and return its number."""
        taken = self.subsidised.setdefault(day, [])
        taken.append(rules.first_free_number(taken))
        return taken[-1]

    def _tier_on(self, day: date) -> str:
        for tier, starts_on, ends_on in self.periods:
            if starts_on <= day and (ends_on is None or day < ends_on):
                return tier
        return HardshipTier.NONE.value


@dataclass(frozen=True)
class Eaters:
    """By usual canteen; `FACES` are kept apart, so that a visitor finds their days empty."""

    at: dict[int, list[Eater]]
    mother: Eater | None
    mothers_canteen: int | None


def read_eaters(session: Session, population: Population) -> Eaters:
    """Return the first registered residents, as far as they have a usual canteen."""
    numbers = [population.id_number(ordinal) for ordinal in range(MOST_EATERS)]
    ordinal_of = {keyring().digest(number, ID_NUMBER_FIELD): n for n, number in enumerate(numbers)}
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.born_on),
            col(Resident.usual_canteen_id),
            col(Resident.id_number_digest),
        )
        .where(
            col(Resident.id_number_digest).in_(list(ordinal_of)),
            col(Resident.usual_canteen_id).is_not(None),
        )
        .order_by(col(Resident.id))
    ).all()
    periods = _read_periods(session, [row.id for row in rows])
    eaters = Eaters({}, None, None)
    for row in sorted(rows, key=lambda row: ordinal_of[row.id_number_digest]):
        eater = Eater(row.id, row.born_on, periods.get(row.id, []))
        ordinal = ordinal_of[row.id_number_digest]
        if ordinal == MOTHER:
            eaters = Eaters(eaters.at, eater, row.usual_canteen_id)
        if ordinal >= len(FACES):
            eaters.at.setdefault(row.usual_canteen_id, []).append(eater)
    return eaters


def _read_periods(session: Session, resident_ids: Sequence[int]) -> dict[int, list[Period]]:
    rows = session.execute(
        select(
            col(HardshipPeriod.resident_id),
            col(HardshipPeriod.tier),
            col(HardshipPeriod.starts_on),
            col(HardshipPeriod.ends_on),
        )
        .where(col(HardshipPeriod.resident_id).in_(resident_ids))
        .order_by(col(HardshipPeriod.id))
    )
    periods: dict[int, list[Period]] = {}
    for row in rows:
        periods.setdefault(row.resident_id, []).append((row.tier, row.starts_on, row.ends_on))
    return periods

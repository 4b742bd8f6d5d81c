"""A month of meals at canteens, honest ones among which cheating of every kind is planted.

Honest eaters come in a queue with uneven gaps, now and then eat dinner elsewhere, die, go into
hospital, and are then not fed. Members of staff book for some by telephone and hand out most.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from infra.bench.home_rows import Rows
from server.clock import CITY
from server.findings.models import FindingKind as Kind

EATERS, SEATS, CAPACITY = 100, 25, 200
PRICE = 1200
MEALS = {"breakfast": (time(6, 30), 1), "lunch": (time(11), 2), "dinner": (time(17), 3)}
BANDS = ((80, 300), (65, 200), (60, 100))
RATHER_OLD = date(1950, 6, 1)


@dataclass
class Meal:
    """One meal as it will be written; what is cheated is changed before."""

    id: int
    site: int
    resident: int
    day: date
    meal: str
    at: datetime
    subsidy: int
    is_planted: bool = False
    booked_by: str = "self"
    how: str = "qr"


@dataclass
class Month:
    """What is written, and the planted cases: kind → sets of meals."""

    first: date
    last: date
    rows: Rows = field(default_factory=Rows)
    sites: list[int] = field(default_factory=list)
    meals: list[Meal] = field(default_factory=list)
    planted: dict[str, list[set[int]]] = field(default_factory=dict)


class Builder:
    """Builds a month for so many canteens."""

    def __init__(self, villages: Sequence[str], *, first: date, last: date, seed: int,
                 parameter: int) -> None:  # fmt: skip
        self.month, self.chance, self.parameter = Month(first, last), Random(seed), parameter
        self.villages = villages
        self.eaters: dict[int, list[int]] = {}
        self.hands: dict[int, int] = {}
        self.born: dict[int, date] = {}
        self.of_day: dict[tuple[int, date], list[Meal]] = {}
        self.cases: dict[tuple[int, date], Kind] = {}

    def build(self, canteens: int, meals: int) -> None:
        """Open the canteens and serve lunch on every day."""
        for number in range(canteens):
            self._open(number)
        for site in self.month.sites:
            for day in self.days():
                self._serve(site, day, meals)

    def days(self) -> list[date]:
        number = (self.month.last - self.month.first).days + 1
        return [self.month.first + timedelta(days=each) for each in range(number)]

    def eater(self, born_on: date | None = None) -> int:
        """Add somebody to the register."""
        born = born_on or RATHER_OLD - timedelta(days=self.chance.randint(0, 9000))
        named = f"测试食客{self.month.rows.count('resident')}"
        village = self.villages[0]
        number = self.month.rows.put("resident", named, "", "", "female", born, village, "")
        self.born[number] = born
        return number

    def put(self, site: int, resident: int, day: date, at: datetime, meal: str = "lunch") -> Meal:
        """Hand a meal out, with the subsidy of that age."""
        born = self.born[resident]
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        subsidy = next((fen for least, fen in BANDS if age >= least), 0)
        number = self.month.rows.next("booking")
        made = Meal(number, site, resident, day, meal, at, subsidy)
        self.month.meals.append(made)
        self.of_day.setdefault((site, day), []).append(made)
        return made

    def case(self, kind: Kind, meals: Sequence[Meal]) -> None:
        """Label these meals as one planted case."""
        for one in meals:
            one.is_planted = True
        self.month.planted.setdefault(kind.value, []).append({one.id for one in meals})

    def _open(self, number: int) -> None:
        rows, village = self.month.rows, self.villages[number % len(self.villages)]
        site = rows.put("site", "canteen", f"测试食堂{number:03d}", village, "建设路", "open", [])
        rows.add("canteen", site, "party_led", 0, 0, 1, SEATS)
        long_ago = self.month.first - timedelta(days=900)
        rows.put("site_paper", site, "food", f"JY{number}", "", long_ago, None)
        name = f"meal-bench-{number}"
        self.hands[site] = rows.put("staff", name, name, "zh-CN")
        self.eaters[site] = [self.eater() for _ in range(EATERS)]
        self.month.sites.append(site)

    def _serve(self, site: int, day: date, meals: int) -> None:
        at = datetime.combine(day, time(11, 2), CITY)
        for resident in self.chance.sample(self.eaters[site], meals):
            at += timedelta(seconds=self.chance.uniform(8, 120))
            self.put(site, resident, day, at)


def write(builder: Builder) -> None:
    """Turn the month's meals into rows, sittings first."""
    sittings: dict[tuple[int, date, str], int] = {}
    rows = builder.month.rows
    for one in builder.month.meals:
        key = (one.site, one.day, one.meal)
        if key not in sittings:
            sittings[key] = _sitting(rows, *key)
        _booking(builder, one, sittings[key])


def _sitting(rows: Rows, site: int, day: date, meal: str) -> int:
    begins = MEALS[meal][0]
    ends = (datetime.combine(day, begins) + timedelta(minutes=90)).time()
    cut_off = datetime.combine(day - timedelta(days=1), time(16), CITY)
    return rows.put("sitting", site, day, meal, CAPACITY, 0, begins, ends, cut_off, PRICE,
                    cut_off - timedelta(days=7))  # fmt: skip


def _booking(builder: Builder, one: Meal, sitting: int) -> None:
    reason: dict[str, Any] = {"code": "subsidy-by-age", "amount_fen": one.subsidy,
                              "parameter_id": builder.parameter}  # fmt: skip
    number = MEALS[one.meal][1] if one.subsidy else None
    booked = datetime.combine(one.day - timedelta(days=1), time(9), CITY)
    builder.month.rows.add(
        "booking", one.id, sitting, one.site, one.resident, one.day, one.meal, "collected",
        one.booked_by, PRICE, 0, one.subsidy, 0, PRICE - one.subsidy, number, json.dumps([reason]),
        f"{one.id % 1_000_000:06d}", booked, one.at,
    )  # fmt: skip
    hand = builder.hands.get(one.site)
    builder.month.rows.put(
        "meal_collection", f"bench-{one.id:09d}", one.id, one.how, one.at, one.at, False, hand
    )


class Cheats:
    """Plants so many cases of each kind on canteen-days of their own, and honest neighbours."""

    def __init__(self, builder: Builder, number: int) -> None:
        self._builder, self._number = builder, number
        days = list(builder.of_day)
        builder.chance.shuffle(days)
        self._days = iter(days)

    def plant(self) -> None:
        """Plant every kind."""
        plants: list[Callable[[], None]] = [
            self._over_the_cap, self._two_canteens, self._burst, self._seats, self._one_hand,
            self._tier, self._licence, self._departed, self._in_hospital, self._in_a_home,
        ]  # fmt: skip
        for plant in plants:
            for _ in range(self._number):
                plant()
        for _ in range(self._number):
            self._honest_hand()
            self._honest_dinner()
            self._honest_stay()

    def _day(self) -> tuple[int, date, list[Meal]]:
        site, day = next(self._days)
        return site, day, self._builder.of_day[site, day]

    def _at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), CITY)

    def _over_the_cap(self) -> None:
        site, day, meals = self._day()
        one, put = meals[5], self._builder.put
        early = put(site, one.resident, day, self._at(day, 7), "breakfast")
        late = put(site, one.resident, day, self._at(day, 18), "dinner")
        self._builder.case(Kind.MEAL_OVER_THE_CAP, [early, one, late])

    def _two_canteens(self) -> None:
        site, day, meals = self._day()
        other = self._other(site)
        again = self._builder.put(
            other, meals[5].resident, day, meals[5].at + timedelta(minutes=15), "dinner"
        )
        self._builder.case(Kind.MEAL_TWO_CANTEENS, [meals[5], again])

    def _honest_dinner(self) -> None:
        site, day, meals = self._day()
        self._builder.put(self._other(site), meals[5].resident, day, self._at(day, 18), "dinner")

    def _other(self, site: int) -> int:
        return self._builder.chance.choice(
            [one for one in self._builder.month.sites if one != site]
        )

    def _burst(self) -> None:
        _, day, meals = self._day()
        for number, one in enumerate(meals[-12:]):
            one.at = self._at(day, 13, 30) + timedelta(seconds=6 * number)
        self._builder.case(Kind.MEAL_COLLECTED_IN_A_BURST, meals[-12:])

    def _seats(self) -> None:
        site, day, meals = self._day()
        at = meals[-1].at
        for _ in range(3 * SEATS + 5 - len(meals)):
            at += timedelta(seconds=self._builder.chance.uniform(8, 120))
            self._builder.put(site, self._builder.eater(), day, at)
        self._builder.case(Kind.MEAL_MORE_THAN_SEATS, list(self._builder.of_day[site, day]))

    def _one_hand(self) -> None:
        """Three quarters keyed in by name, some of them booked by the same hand before."""
        site, day, meals = self._day()
        own = meals[: len(meals) * 3 // 4]
        self._hands(site, day, own[: len(own) // 6], own, "name")
        self._builder.case(Kind.MEAL_ONE_HAND, own)

    def _honest_hand(self) -> None:
        """All handed out by one cook by their codes, a sixth of them booked by telephone."""
        site, day, meals = self._day()
        self._hands(site, day, meals[: len(meals) // 6], meals, "qr")

    def _hands(
        self, site: int, day: date, booked: list[Meal], handed: list[Meal], how: str
    ) -> None:
        rows, at = self._builder.month.rows, self._at(day, 12)
        act = rows.put("act", at, "console", "bench", "bench", self._builder.hands[site])
        for one in booked:
            one.booked_by = "canteen"
            body = {"op": "INSERT", "table": "booking", "new": {"status": "booked"}}
            rows.put("trail_entry", act, "1", "booking", str(one.id), json.dumps(body))
        for one in handed:
            one.how = how

    def _tier(self) -> None:
        _, _, meals = self._day()
        younger = next(one for one in meals if one.subsidy == 200 and not one.is_planted)
        younger.subsidy = 300
        self._builder.case(Kind.MEAL_TIER_DIFFERS, [younger])

    def _licence(self) -> None:
        """A canteen of its own, whose licence ended in the middle of the month."""
        builder, rows = self._builder, self._builder.month.rows
        ends = builder.month.first + timedelta(days=14)
        number = rows.count("canteen")
        site = rows.put("site", "canteen", f"测试食堂{number}", builder.villages[0], "", "open", [])
        rows.add("canteen", site, "party_led", 0, 0, 1, SEATS)
        long_ago = builder.month.first - timedelta(days=900)
        rows.put("site_paper", site, "food", f"JX{number}", "", long_ago, ends)
        for day in (ends - timedelta(days=1), ends):
            meal = builder.put(site, builder.eater(), day, self._at(day, 11, 30))
            if day == ends:
                builder.case(Kind.MEAL_WITHOUT_LICENCE, [meal])

    def _away(self, kind: Kind | None, tell: Callable[[int, date], None]) -> None:
        """Somebody of their own eats the day before, and where it is cheating, later as well."""
        site, day, _ = self._day()
        eater = self._builder.eater()
        self._builder.put(site, eater, day, self._at(day, 12, 40))
        tell(eater, day)
        if kind is not None:
            later = day + timedelta(days=2)
            meal = self._builder.put(site, eater, later, self._at(later, 12, 40), "dinner")
            if later <= self._builder.month.last:
                self._builder.case(kind, [meal])

    def _departed(self) -> None:
        self._away(Kind.MEAL_AFTER_DEPARTURE, lambda eater, day: self._depart(eater, day))

    def _depart(self, eater: int, day: date) -> None:
        told = self._at(self._builder.month.last, 12)
        self._builder.month.rows.put("departure", eater, "died", day, "bench", told, "[]")

    def _in_hospital(self) -> None:
        self._away(Kind.MEAL_IN_HOSPITAL, lambda eater, day: self._lie(eater, "medical", day))

    def _in_a_home(self) -> None:
        self._away(Kind.MEAL_IN_A_HOME, lambda eater, day: self._lie(eater, "institution", day))

    def _honest_stay(self) -> None:
        self._away(None, lambda eater, day: self._lie(eater, "institution", day))

    def _lie(self, eater: int, kind: str, first: date) -> None:
        rows, site = self._builder.month.rows, self._builder.month.sites[0]
        at = self._at(first, 12)
        room = rows.put("room", site, 1, f"R{rows.count('room')}")
        label = f"B{rows.count('bed')}"
        bed = rows.put("bed", site, room, kind, label, False, [], first, at)
        stay = rows.put("stay", eater, site, kind, "staying", first, first + timedelta(days=3),
                        first, "")  # fmt: skip
        until = first + timedelta(days=9)
        rows.put("bed_occupancy", bed, site, kind, "occupied", stay, eater, first, until, "", at,
                 self._at(until, 12))  # fmt: skip

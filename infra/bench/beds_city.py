"""A city of care homes with years of stays behind it, written by COPY.

Sizes are those of a list of facilities, scaled to so many beds; half of the beds are taken today.
Each bed has had somebody before, so that the history of any day has rows to be reckoned from.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from server import clock

SEED = 20261122
OPENED_ON = date(2022, 1, 1)
KNOWN_SINCE = datetime(2022, 1, 1, 4, tzinfo=UTC)
MOST_BEDS = 2000
BEDS_A_ROOM = 3
ROOMS_A_FLOOR = 20
OCCUPANCY = 0.5
ON_LEAVE, IN_HOSPITAL, UNDER_REPAIR, UNCLEANED = 0.03, 0.02, 0.01, 0.01
FIRST = 1_000_000
SIZES_WITHOUT_A_LIST = (12, 30, 45, 60, 80, 100, 120, 150, 180, 240, 300, 420)
SITES_WITHOUT_A_LIST = 264
Row = tuple[Any, ...]

COLUMNS = {
    "site": "id, kind, name, division_code, address, opening_state, features",
    "room": "id, site_id, floor, name",
    "bed": "id, site_id, room_id, kind, label, is_nursing, nursing_evidence, opened_on,"
    " recorded_at, left_uncleaned_at",
    "resident": "id, name, pinyin, initials, sex, born_on, village_code, address",
    "stay": "id, resident_id, site_id, kind, status, planned_on, hold_until, admitted_on,"
    " ended_on, end_reason, note",
    "bed_occupancy": "id, bed_id, site_id, kind, state, stay_id, resident_id, starts_on, ends_on,"
    " reason, recorded_at, end_recorded_at",
    "board_version": "site_id, version",
}


@dataclass
class BedCity:
    """Rows by table, ready to be copied, and what the measurement asks about."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    free_beds: list[int] = field(default_factory=list)
    without_a_bed: list[int] = field(default_factory=list)

    @property
    def largest(self) -> int:
        """The facility with the most beds."""
        beds: dict[int, int] = {}
        for row in self.rows["bed"]:
            beds[row[1]] = beds.get(row[1], 0) + 1
        return max(beds, key=lambda site: (beds[site], site))


def sizes_of(path: Path | None, *, beds: int) -> list[int]:
    """Return a number of beds for each facility of the list, `beds` in all.

    A facility of which the list says no number has the middle size, one of which it says an
    unbelievable one the largest that can be. Without a list, made-up sizes.
    """
    said = _said(path) if path is not None and path.exists() else _made_up()
    known = sorted(size for size in said if size)
    sizes = [min(size or known[len(known) // 2], MOST_BEDS) for size in said]
    scaled = [max(1, size * beds // sum(sizes)) for size in sizes]
    scaled[scaled.index(max(scaled))] += beds - sum(scaled)
    return scaled


def _said(path: Path) -> list[int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row.get("床位") or "" for row in csv.DictReader(file)]
    return [int(re.sub(r"\D", "", cell) or 0) for cell in cells]


def _made_up() -> list[int]:
    return [
        SIZES_WITHOUT_A_LIST[n % len(SIZES_WITHOUT_A_LIST)] for n in range(SITES_WITHOUT_A_LIST)
    ]


class Builder:
    """Makes the rows up, the same ones each time."""

    def __init__(self, villages: Sequence[str], *, today: date) -> None:
        self._chance = Random(SEED)
        self._villages = villages
        self._today = today
        self._built = BedCity()
        self._numbers = dict.fromkeys(COLUMNS, FIRST)

    def build(self, sizes: Sequence[int], *, waiting: int) -> BedCity:
        """Return the city, with so many people who have no bed yet."""
        for number, beds in enumerate(sizes):
            self._facility(number, beds)
        for _ in range(waiting):
            self._built.without_a_bed.append(self._resident(self._chance.choice(self._villages)))
        return self._built

    def _facility(self, number: int, beds: int) -> None:
        village = self._villages[number * 7 % len(self._villages)]
        name = f"测试养老院{number:03d}"
        site = self._put("site", "care_home", name, village, "建设路 1 号", "open", [])
        self._built.rows["board_version"].append((site, 1))
        for first in range(0, beds, BEDS_A_ROOM):
            number_of_room = first // BEDS_A_ROOM
            floor = number_of_room // ROOMS_A_FLOOR + 1
            label = f"{floor}{number_of_room % ROOMS_A_FLOOR + 1:02d}"
            room = self._put("room", site, floor, label)
            for place in range(min(BEDS_A_ROOM, beds - first)):
                self._bed(site, room, f"{label}-{place + 1}", village)

    def _bed(self, site: int, room: int, label: str, village: str) -> None:
        nursing = self._chance.random() < 0.6
        kind = "institution"
        is_clean = self._chance.random() >= UNCLEANED
        uncleaned_at = None if is_clean else _noon(self._today)
        told = (label, nursing, [], OPENED_ON, KNOWN_SINCE, uncleaned_at)
        bed = self._put("bed", site, room, kind, *told)
        free_from = OPENED_ON + timedelta(days=self._chance.randint(0, 400))
        while (left := self._past_stay(site, bed, village, free_from)) is not None:
            free_from = left + timedelta(days=self._chance.randint(1, 90))
        self._today_of(site, bed, village, free_from, is_clean=is_clean)

    def _past_stay(self, site: int, bed: int, village: str, since: date) -> date | None:
        """A stay that is over; None where it would not be by now."""
        until = since + timedelta(days=self._chance.randint(20, 700))
        if until >= self._today - timedelta(days=40):
            return None
        resident = self._resident(village)
        ended = ("ended", since, since + timedelta(days=1), since, until, "went_home", "")
        stay = self._put("stay", resident, site, "institution", *ended)
        self._take(bed, site, "occupied", stay, resident, since, until)
        return until

    def _today_of(
        self, site: int, bed: int, village: str, free_from: date, *, is_clean: bool
    ) -> None:
        if self._chance.random() < UNDER_REPAIR:
            self._take(bed, site, "under_repair", None, None, self._today, None)
        elif self._chance.random() < OCCUPANCY:
            self._present_stay(site, bed, village, free_from)
        elif is_clean:
            self._built.free_beds.append(bed)

    def _present_stay(self, site: int, bed: int, village: str, free_from: date) -> None:
        span = max((self._today - free_from).days, 1)
        since = self._today - timedelta(days=self._chance.randint(1, span))
        resident = self._resident(village)
        staying = ("staying", since, since + timedelta(days=1), since, None, None, "")
        stay = self._put("stay", resident, site, "institution", *staying)
        drawn = self._chance.random()
        away = "on_leave" if drawn < ON_LEAVE else "in_hospital"
        if drawn < ON_LEAVE + IN_HOSPITAL and since < self._today:
            self._take(bed, site, "occupied", stay, resident, since, self._today)
            self._take(bed, site, away, stay, resident, self._today, None)
        else:
            self._take(bed, site, "occupied", stay, resident, since, None)

    def _take(
        self,
        bed: int,
        site: int,
        state: str,
        stay: int | None,
        resident: int | None,
        since: date,
        until: date | None,
    ) -> None:
        ended = None if until is None else _noon(until)
        of_whom = (stay, resident, since, until, "", _noon(since), ended)
        self._put("bed_occupancy", bed, site, "institution", state, *of_whom)

    def _resident(self, village: str) -> int:
        number = self._numbers["resident"]
        sex = "female" if self._chance.random() < 0.6 else "male"
        born_on = date(1930, 1, 1) + timedelta(days=self._chance.randint(0, 10_000))
        return self._put("resident", f"测试老人{number}", "", "", sex, born_on, village, "")

    def _put(self, table: str, *values: Any) -> int:
        number = self._numbers[table]
        self._numbers[table] += 1
        self._built.rows[table].append((number, *values))
        return number


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


def copy_in(connection: psycopg.Connection, city: BedCity) -> None:
    """Write the rows past the triggers: made-up history has no acts. Constraints hold all the same.

    Rows come sorted, as a GiST index likes them.
    """
    connection.execute("SET session_replication_role = replica")
    for table, columns in COLUMNS.items():
        names = sql.SQL(", ").join(sql.Identifier(name.strip()) for name in columns.split(","))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with connection.cursor().copy(statement) as copy:
            for row in city.rows[table]:
                copy.write_row(row)
        if table != "board_version":
            past = FIRST + len(city.rows[table])
            renumber = sql.SQL("ALTER TABLE {} ALTER COLUMN id RESTART WITH {}")
            connection.execute(renumber.format(sql.Identifier(table), sql.Literal(past)))
    connection.execute("RESET session_replication_role")
    connection.execute("VACUUM ANALYZE")


def days_back(number: int) -> Iterator[date]:
    """Yield days of the past three years, far apart."""
    today = clock.today()
    for step in range(number):
        yield today - timedelta(days=37 * (step + 1) % 1000)

"""Cheating of every kind, planted into an honest month; each case labelled with what must be found.

A label is a visit's number, `("worker", number)` or `("bed", number)`, by kind of finding. The same
things happen honestly beside it: people fall ill, die and move, and are then not visited.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from infra.bench.home_month import (
    Builder,
    Home,
    Visit,
    apart,
    minutes,
    moved,
    noon,
    row_of,
)
from infra.bench.home_rows import written
from server.findings.models import FindingKind as Kind

HONEST_SHARE_AWAY = 0.01
DAYS_AWAY = 5
FULL_HOURS, LEAST_SHIFTED = 200, 5


class Cheats:
    """Plants so many cases of each kind."""

    def __init__(self, builder: Builder, share: float) -> None:
        self._builder = builder
        self._chance = builder.chance
        self._month = builder.month
        self._share = share
        self._homes = list(builder.month.homes)
        self._chance.shuffle(self._homes)
        self._away: dict[int, tuple[date, date]] = {}

    def plant(self) -> None:
        """Plant every kind: that share of visits over all kinds, of beds, and of workers."""
        of_visits: list[tuple[Kind, Callable[[Visit], bool]]] = [
            (Kind.HOME_VISITS_OVERLAP, self._overlap),
            (Kind.HOME_TRAVEL_TOO_FAST, self._fly),
            (Kind.HOME_VISIT_OUTSIDE_FENCE, self._stay_elsewhere),
            (Kind.HOME_VISIT_WITHOUT_POSITION, self._switch_off),
            (Kind.HOME_PHOTO_AGAIN, self._show_another_photo),
            (Kind.HOME_VISIT_TOO_SHORT, self._leave_early),
            (Kind.HOME_VISIT_BACK_FILLED, self._write_afterwards),
            (Kind.HOME_VISIT_SENT_LATE, self._send_late),
        ]
        each = round(len(self._month.visits) * self._share / (len(of_visits) + 3))
        self._be_away(each)
        self._shift_hours()
        self._work_all_day(max(1, round(len(self._month.homes) / 6 * self._share)))
        for kind, cheat in of_visits:
            self._plant_visits(kind, each, cheat)
        self._beds(max(1, round(len(self._month.homes) * self._share)))

    def _plant_visits(self, kind: Kind, number: int, cheat: Callable[[Visit], bool]) -> None:
        candidates = iter(self._chance.sample(self._month.visits, len(self._month.visits)))
        while number:
            visit = next(candidates)
            if not visit.is_planted and not visit.is_held and cheat(visit):
                self._label(kind, visit)
                number -= 1

    def _label(self, kind: Kind, visit: Visit) -> None:
        visit.is_planted = True
        self._case(kind, visit.id)

    def _case(self, kind: Kind, what: object) -> None:
        self._month.planted.setdefault(kind.value, set()).add(what)

    def _before(self, visit: Visit) -> Visit | None:
        """The visit that the worker made before this one on the same day, where both are plain."""
        of_day = self._month.rounds[visit.worker, visit.day]
        place = of_day.index(visit)
        before = of_day[place - 1] if place else None
        return None if before is None or before.is_planted else before

    def _move(self, visit: Visit, arrived_after: timedelta, before: Visit) -> None:
        before.is_held = True
        stayed = visit.left - visit.arrived
        visit.arrived = before.left + arrived_after
        visit.left = visit.arrived + stayed

    def _overlap(self, visit: Visit) -> bool:
        before = self._before(visit)
        if before is None:
            return False
        self._move(visit, minutes(-self._chance.uniform(5, 35)), before)
        return True

    def _fly(self, visit: Visit) -> bool:
        before = self._before(visit)
        if before is None or before.at_leaving is None or visit.at_arrival is None:
            return False
        metres = apart(before.at_leaving, visit.at_arrival)
        if metres < 1200:
            return False
        hours = (metres - visit.blur - before.blur) / 1000 / self._chance.uniform(70, 200)
        self._move(visit, timedelta(hours=hours), before)
        return True

    def _stay_elsewhere(self, visit: Visit) -> bool:
        metres = self._chance.uniform(480, 4000)
        away = moved((visit.home.x, visit.home.y), (metres, 0))
        visit.at_arrival = visit.at_leaving = away
        return True

    def _switch_off(self, visit: Visit) -> bool:
        visit.at_arrival = visit.at_leaving = None
        return True

    def _show_another_photo(self, visit: Visit) -> bool:
        """A photo of an earlier visit of somebody: as it was, or saved anew."""
        other = self._chance.choice(self._month.visits)
        if other.day >= visit.day or other.is_planted:
            return False
        other.is_held = True
        visit.photo = other.photo
        for place in self._chance.sample(range(63), self._chance.choice((0, 0, 1, 2, 3))):
            visit.photo ^= 1 << place
        return True

    def _leave_early(self, visit: Visit) -> bool:
        visit.left = visit.arrived + minutes(visit.ordered * self._chance.uniform(0.2, 0.77))
        return True

    def _write_afterwards(self, visit: Visit) -> bool:
        visit.written_on = visit.day + timedelta(days=self._chance.randint(1, 5))
        return True

    def _send_late(self, visit: Visit) -> bool:
        visit.sent_after = timedelta(hours=self._chance.uniform(74, 200))
        return True

    def _work_all_day(self, number: int) -> None:
        """Some workers, on a day with many visits, tell of more hours than a day has for work."""
        days = [key for key, visits in self._month.rounds.items()
                if len(visits) >= 4 and key[0] not in self._month.busy
                and not any(one.is_planted for one in visits)]  # fmt: skip
        for worker, day in self._chance.sample(days, number):
            visits = self._month.rounds[worker, day]
            stayed, at = minutes(750 / len(visits)), noon(day) - timedelta(hours=6)
            for visit in visits:
                visit.arrived, visit.left = at, at + stayed
                visit.is_planted = True
                at += stayed + minutes(20)
            self._case(Kind.HOME_DAY_TOO_LONG, ("worker-day", worker, day.isoformat()))

    def _shift_hours(self) -> None:
        """The busy, once their hours are full, go on in the name of a colleague."""
        by_worker: dict[int, list[Visit]] = {worker: [] for worker in self._month.busy}
        for visit in sorted(self._month.visits, key=lambda one: one.arrived):
            if visit.worker in by_worker and not visit.is_planted:
                by_worker[visit.worker].append(visit)
        for worker, visits in by_worker.items():
            late = list(_beyond(visits, timedelta(hours=FULL_HOURS)))
            if len(late) >= LEAST_SHIFTED:
                self._case(Kind.HOME_HOURS_SHIFTED, ("worker", worker))
                for visit in visits:
                    visit.is_held = True
                for visit in late:
                    visit.worker, visit.is_planted = self._month.reserve[visit.home.site], True

    def _be_away(self, each: int) -> None:
        """Hospital, care home and death: honestly not visited, or visited all the same."""
        beds = {"medical": Kind.HOME_VISIT_IN_HOSPITAL, "institution": Kind.HOME_VISIT_IN_A_HOME}
        honest = max(1, round(len(self._homes) * HONEST_SHARE_AWAY))
        for bed_kind, kind in beds.items():
            self._lie(bed_kind, kind, cases=each)
            for _ in range(honest):
                self._lie(bed_kind, None, cases=1)
        self._die(Kind.HOME_VISIT_AFTER_DEPARTURE, cases=each)
        for _ in range(honest):
            self._die(None, cases=1)

    def _lie(self, bed_kind: str, kind: Kind | None, *, cases: int) -> None:
        while cases > 0:
            home = self._homes.pop()
            first = self._month.first + timedelta(days=self._chance.randint(1, 20))
            until = first + timedelta(days=DAYS_AWAY)
            self._take_bed(home, bed_kind, first, until)
            cases -= self._visited(
                home, kind, lambda day, first=first, until=until: first < day < until, cases
            )

    def _die(self, kind: Kind | None, *, cases: int) -> None:
        while cases > 0:
            home = self._homes.pop()
            died_on = self._month.first + timedelta(days=self._chance.randint(8, 25))
            self._month.rows.put("departure", home.resident, "died", died_on, "bench",
                                 noon(self._month.last), "[]")  # fmt: skip
            cases -= self._visited(home, kind, lambda day, died_on=died_on: day > died_on, cases)

    def _visited(
        self, home: Home, kind: Kind | None, is_away: Callable[[date], bool], cases: int
    ) -> int:
        """Keep and label visits of days away, or take them out; returns how many cases there are.

        An honest absence is one case; what is not wanted as a case any more is taken out.
        """
        labelled = 0
        for visit in list(self._visits_of(home)):
            if not is_away(visit.day):
                continue
            if kind is not None and labelled < cases and not visit.is_planted:
                self._label(kind, visit)
                labelled += 1
            else:
                self._month.visits.remove(visit)
                self._month.rounds[visit.home.worker, visit.day].remove(visit)
        return labelled if kind is not None else 1

    def _visits_of(self, home: Home) -> Iterator[Visit]:
        return (one for one in self._month.visits if one.home is home)

    def _take_bed(self, home: Home, kind: str, first: date, until: date) -> None:
        rows = self._month.rows
        room = rows.put("room", home.site, 1, f"R{rows.count('room')}")
        label = f"B{rows.count('bed')}"
        bed = rows.put("bed", home.site, room, kind, label, False, [], first, noon(first))
        stay = rows.put("stay", home.resident, home.site, kind, "staying", first,
                        first + timedelta(days=3), first, "")  # fmt: skip
        rows.put("bed_occupancy", bed, home.site, kind, "occupied", stay, home.resident, first,
                 until, "", noon(first), noon(until))  # fmt: skip

    def _beds(self, number: int) -> None:
        """Beds that serve on paper: never visited, or with devices that say nothing any more."""
        for _ in range(number):
            home = self._builder.home(self._month.homes[0].site, 0, days_ago=60)
            self._case(Kind.HOME_BED_UNSERVED, ("bed", home.bed))
            self._builder.home(self._month.homes[0].site, 0, days_ago=12)  # not yet, honestly
        silent = {home.bed for home in self._chance.sample(self._month.homes, number)}
        for bed in silent:
            self._case(Kind.HOME_BED_SILENT, ("bed", bed))
        self._silence(silent)

    def _silence(self, beds: set[int]) -> None:
        rows, since = self._month.rows, self._month.last - timedelta(days=4)
        devices = {row[0] for row in rows.of("care_device") if row[3] in beds}
        rows.drop("device_day", lambda row: row[0] in devices and row[1] >= since)


def _beyond(visits: Sequence[Visit], most: timedelta) -> Iterator[Visit]:
    """Yield the visits that begin when the hours of those before reached the most."""
    so_far = timedelta()
    for visit in visits:
        if so_far >= most:
            yield visit
        so_far += visit.left - visit.arrived


def write_visits(builder: Builder) -> None:
    """Turn every visit into what is copied: its plan, photo, proof, and line of the trail."""
    month = builder.month
    rows = month.rows
    acts: dict[date, int] = {}
    for visit in month.visits:
        written_on = visit.written_on or month.first - timedelta(days=3)
        if written_on not in acts:
            acts[written_on] = rows.put("act", noon(written_on), "console", "bench", "bench", None)
        _write(builder, visit, acts[written_on])


def _write(builder: Builder, visit: Visit, act: int) -> None:
    rows, home, sent = builder.month.rows, visit.home, visit.arrived + visit.sent_after
    rows.add("care_visit", visit.id, home.bed, home.resident, home.site, visit.worker, visit.day,
             visit.planned, visit.ordered, ["cleaning"], "done", "")  # fmt: skip
    content = builder.chance.randbytes(32)
    photo = rows.put("file", "photo", "site_paper", home.site, "image/jpeg", 40_000, content,
                     visit.photo, sent, act)  # fmt: skip
    rows.put("visit_proof", visit.id, home.resident, home.site, visit.worker, f"a{visit.id}",
             f"l{visit.id}", *row_of(visit), ["cleaning"], photo)  # fmt: skip
    rows.put("trail_entry", act, "1", "care_visit", str(visit.id), written(visit.id))

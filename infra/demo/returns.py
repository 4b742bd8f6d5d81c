"""What the demo's homes file: three months of bed returns and daily reports, some late, some not.

What a home files for a day follows from the seed, the home and the day alone, so that a later load
goes on where an earlier one ended.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, insert, text
from sqlmodel import Session

from infra.demo.beginning import Beginning
from infra.demo.sites import FILING
from server import clock
from server.db.tables import table_of
from server.facilities.models import BedKind
from server.facilities.returns.filing import Return, put_returns
from server.facilities.returns.models import BedReturn, DailyReport, ReturnSource
from server.facilities.returns.rules import Figures

DAYS = 92
A_DAY = timedelta(days=1)
# Of a hundred days of a home.
MISSED_OF_100, LATE_OF_100, FEVER_OF_100, ILL_OF_100, CAME_OF_100 = 4, 7, 4, 6, 8
# Of the homes that file, these have done so today; and this one has been silent for days.
FILED_TODAY = 3
SILENT_DAYS = 4
UNUSABLE = 2
SOURCES = (ReturnSource.CONSOLE, ReturnSource.CONSOLE, ReturnSource.SMS, ReturnSource.API)
HAZARDS = ("二楼东侧应急灯不亮，已报修", "厨房地面湿滑，已铺防滑垫", "一号电梯门感应迟钝，已约维保")
SUPPLIES = ("成人护理垫约够三天", "一次性手套约够五天", "退烧药只剩两盒")

LAST_DAY = text(
    "SELECT max(r.day) FROM bed_return r JOIN site s ON s.id = r.site_id"
    " WHERE s.source_name = 'demo'"
)
HOMES = text(
    "SELECT id, source_key, beds_declared AS beds,"
    "       EXISTS (SELECT 1 FROM bed WHERE bed.site_id = site.id) AS keeps_beds"
    "  FROM site WHERE source_name = 'demo' AND kind IN ('care_home', 'township_home')"
    "   AND beds_declared IS NOT NULL ORDER BY source_key"
)
COUNTED = text(
    "SELECT count(*) FROM bed_occupancy WHERE site_id = :site_id AND state = 'occupied'"
    " AND kind = 'institution' AND superseded_at IS NULL"
    " AND starts_on <= :day AND (ends_on IS NULL OR ends_on > :day)"
)

Line = dict[str, Any]


@dataclass(frozen=True)
class Filer:
    """A home that files, and where it stands among those that do."""

    id: int
    key: str
    beds: int
    place: int

    def files_on(self, day: date, chance: Random) -> bool:
        """Most days; today some have not yet, and one has not for days."""
        ago = (clock.today() - day).days
        if self.place == len(FILING) - 1 and ago < SILENT_DAYS:
            return False
        return self.place < FILED_TODAY if ago == 0 else chance.randrange(100) >= MISSED_OF_100

    def figures_on(self, day: date) -> Figures:
        """How full it is goes up and down over the weeks, and is the same for days on end."""
        weeks = day.toordinal() // 3 / 7
        share = 0.66 + 0.12 * math.sin(weeks + self.place) + 0.05 * math.sin(weeks * 2.7)
        usable = self.beds - UNUSABLE
        on_leave = day.toordinal() // 5 % 3
        occupied = min(int(usable * share), usable - on_leave)
        return Figures(self.beds, usable, occupied, on_leave, int(occupied * 0.4))


def find_days_without(session: Session) -> Sequence[date]:
    """Return the days up to today after the last one that the demo's homes filed for."""
    today = clock.today()
    last = session.connection().execute(LAST_DAY).scalar_one() or today - DAYS * A_DAY
    return [last + ahead * A_DAY for ahead in range(1, (today - last).days + 1)]


def put_returns_of(session: Session, beginning: Beginning, days: Sequence[date]) -> None:
    """File what the homes without stays here say of these days; one that has them differs once."""
    rows = [
        _return(filer, day, Random(f"{beginning.seed}/{filer.key}/{day}/beds"))
        for filer in _filers(session)
        for day in days
        if filer.files_on(day, Random(f"{beginning.seed}/{filer.key}/{day}"))
    ]
    if rows:
        session.execute(insert(table_of(BedReturn)), rows)
        _file_beside_the_records(session, days[-1] - A_DAY)


def put_reports(session: Session, beginning: Beginning, days: Sequence[date]) -> None:
    """How the days were in every home; on most nothing happened."""
    rows = [
        _report(home, day, chance)
        for place, home in enumerate(_homes(session))
        for day in days
        for chance in [Random(f"{beginning.seed}/{home.source_key}/{day}/report")]
        if day < clock.today() or place % 3
    ]
    if rows:
        session.execute(insert(table_of(DailyReport)), rows)


def _homes(session: Session) -> Sequence[Row[Any]]:
    return session.connection().execute(HOMES).all()


def _filers(session: Session) -> Iterator[Filer]:
    homes = [home for home in _homes(session) if not home.keeps_beds]
    for place, home in enumerate(homes):
        yield Filer(home.id, home.source_key, home.beds, place)


def _return(filer: Filer, day: date, chance: Random) -> Line:
    figures = filer.figures_on(day)
    return {
        "site_id": filer.id,
        "kind": BedKind.INSTITUTION,
        "day": day,
        **vars(figures),
        "is_unchanged": figures == filer.figures_on(day - A_DAY),
        "source": chance.choice(SOURCES),
        "filed_at": _filed_at(day, chance),
        "filed_by": None,
    }


def _filed_at(day: date, chance: Random) -> datetime:
    """In the afternoon, or late on the next morning; never in the time to come."""
    is_late = chance.randrange(100) < LATE_OF_100
    hour = time(8, chance.randrange(60)) if is_late else time(16, chance.randrange(60))
    at = datetime.combine(day + A_DAY if is_late else day, hour, clock.CITY)
    return min(at, clock.now())


def _file_beside_the_records(session: Session, day: date) -> None:
    """A home that keeps its stays here files other figures than these: somebody shall look."""
    home = next((home for home in _homes(session) if home.keeps_beds), None)
    if home is None:
        return
    counted = session.connection().execute(COUNTED, {"site_id": home.id, "day": day}).scalar_one()
    figures = Figures(home.beds, home.beds, counted + 3, 0)
    filed = Return(home.id, BedKind.INSTITUTION, day, figures)
    put_returns(session, [filed], source=ReturnSource.FILE)


def _report(home: Row[Any], day: date, chance: Random) -> Line:
    fever, ill, came = (
        int(chance.randrange(100) < share) * chance.randint(1, 2)
        for share in (FEVER_OF_100, ILL_OF_100, CAME_OF_100)
    )
    hazards = chance.choice(HAZARDS) if chance.randrange(100) < 3 else ""
    supplies = chance.choice(SUPPLIES) if chance.randrange(100) < 3 else ""
    happened = fever or ill or came or hazards or supplies
    return {
        "site_id": home.id,
        "day": day,
        "occupants": int(home.beds * 0.6),
        "came_in": came,
        "went_out": 0,
        "fever": fever,
        "ill": ill,
        "hazards": hazards,
        "supplies": supplies,
        "is_zero": not happened,
        "source": ReturnSource.CONSOLE,
        "filed_at": _filed_at(day, chance),
        "filed_by": None,
    }

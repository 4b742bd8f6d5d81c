"""Daily reports 日报: how a facility's day was, one a day, and a 零报告 by one tap."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, Text, bindparam, literal, literal_column, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.facilities.errors import NothingToRepeat
from server.facilities.returns import rules
from server.facilities.returns.filing import Outcome, correct_days
from server.facilities.returns.models import DailyReport, ReturnSource
from server.facilities.returns.queries import FILING_KINDS, WITHIN, Scope

SAID = ("occupants", "came_in", "went_out", "fever", "ill", "hazards", "supplies", "is_zero")

# What the records tell of a day where stays are kept here, else what was filed last.
KNOWN = text(
    """
    SELECT EXISTS (SELECT 1 FROM bed b WHERE b.site_id = :site_id) AS keeps_beds,
           (SELECT count(*) FROM bed_occupancy o
             WHERE o.site_id = :site_id AND o.superseded_at IS NULL AND o.state = 'occupied'
               AND o.starts_on <= :day AND (o.ends_on IS NULL OR o.ends_on > :day)) AS occupants,
           (SELECT count(*) FROM stay s
             WHERE s.site_id = :site_id AND s.admitted_on = :day) AS came_in,
           (SELECT count(*) FROM stay s
             WHERE s.site_id = :site_id AND s.ended_on = :day) AS went_out,
           (SELECT sum(n.occupied) FROM (
                SELECT DISTINCT ON (kind) occupied FROM bed_return
                 WHERE site_id = :site_id AND day <= :day ORDER BY kind, day DESC) n) AS filed,
           (SELECT r.occupants FROM daily_report r
             WHERE r.site_id = :site_id AND r.day <= :day
             ORDER BY r.day DESC LIMIT 1) AS reported
    """
).bindparams(bindparam("day", type_=Date))
OF_DAY = text(
    f"""
    SELECT s.id, s.name, s.phone, left(s.division_code, 6) AS county_code,
           d.name AS county_name, r.day, r.occupants, r.came_in, r.went_out, r.fever, r.ill,
           r.hazards, r.supplies, r.is_zero, r.filed_at
      FROM site s
      LEFT JOIN division d ON d.code = left(s.division_code, 6)
      LEFT JOIN daily_report r ON r.site_id = s.id AND r.day = :day
     WHERE {WITHIN} AND s.kind = ANY(:filing) AND s.opening_state = 'open'
     ORDER BY county_code, s.name, s.id
    """
).bindparams(bindparam("day", type_=Date), bindparam("filing", type_=ARRAY(Text)))


@dataclass(frozen=True)
class Day:
    """What a report says."""

    occupants: int
    came_in: int = 0
    went_out: int = 0
    fever: int = 0
    ill: int = 0
    hazards: str = ""
    supplies: str = ""
    is_zero: bool = False


@dataclass(frozen=True)
class Prefilled:
    """What is known of a day before anybody reports it; `occupants` None where nothing is."""

    occupants: int | None
    came_in: int
    went_out: int


def file_report(
    session: Session, site_id: int, day: date, said: Day, *, reason: str | None = None
) -> Outcome:
    """File how a day was; filed again it is corrected, and the trail says how.

    Raises `FiguresDoNotAddUp`, `DayOutOfReach`, `ReasonNeeded`. Whether the actor may file for
    the facility is the caller's to ask.
    """
    rules.check_report(occupants=said.occupants, fever=said.fever, ill=said.ill)
    rules.check_day(day, today=clock.today(), correct_days=correct_days(session), reason=reason)
    values = {"site_id": site_id, "day": day} | asdict(said) | _stamp(session)
    return _put(session, values)


def file_zero(session: Session, site_id: int) -> Outcome:
    """零报告: nothing happened today; tapped twice, or after a report, it changes nothing.

    Raises `NothingToRepeat` where nobody knows yet how many people live there.
    """
    today = clock.today()
    known = prefill(session, site_id, day=today)
    if known.occupants is None:
        raise NothingToRepeat()
    said = asdict(Day(known.occupants, is_zero=True))
    new = upsert(table_of(DailyReport)).values(
        {"site_id": site_id, "day": today} | said | _stamp(session)
    )
    new = new.on_conflict_do_nothing(index_elements=["site_id", "day"])
    written = session.execute(new.returning(table_of(DailyReport).c.id)).first()
    return Outcome.UNCHANGED if written is None else Outcome.NEW


def prefill(session: Session, site_id: int, *, day: date) -> Prefilled:
    """Return what the records of stays tell of the day, else the figures that were filed last."""
    row = session.connection().execute(KNOWN, {"site_id": site_id, "day": day}).one()
    if row.keeps_beds:
        return Prefilled(row.occupants, row.came_in, row.went_out)
    last = row.filed if row.filed is not None else row.reported
    return Prefilled(None if last is None else int(last), 0, 0)


def find_report(session: Session, site_id: int, *, day: date) -> Row[Any] | None:
    """Return the report of a facility's day, if there is one."""
    rows = list_reports(session, Scope(site_ids=[site_id]), day=day)
    return rows[0] if rows and rows[0].day is not None else None


def list_reports(session: Session, scope: Scope, *, day: date) -> Sequence[Row[Any]]:
    """Return every open home in scope with its report of the day, by county.

    `day` is None for a home that has not reported; a 零报告 is a report.
    """
    values = scope.values | {"day": day, "filing": list(FILING_KINDS)}
    return session.connection().execute(OF_DAY, values).all()


def _stamp(session: Session) -> dict[str, Any]:
    filed_by = actor_of(session).staff_id
    return {"source": ReturnSource.CONSOLE, "filed_at": clock.now(), "filed_by": filed_by}


def _put(session: Session, values: Mapping[str, Any]) -> Outcome:
    table = table_of(DailyReport)
    new = upsert(table).values(values)
    changed = (*SAID, "source", "filed_at", "filed_by")
    written = session.execute(
        new.on_conflict_do_update(
            index_elements=["site_id", "day"],
            set_={name: new.excluded[name] for name in changed},
            where=tuple_(*(table.c[name] for name in SAID)).is_distinct_from(
                tuple_(*(new.excluded[name] for name in SAID))
            ),
        ).returning((literal_column("xmax") == literal(0)).label("is_new"))
    ).first()
    if written is None:
        return Outcome.UNCHANGED
    return Outcome.NEW if written.is_new else Outcome.CORRECTED

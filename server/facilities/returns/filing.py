"""Bed returns are filed, one or many at once, corrected, and repeated with one tap."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, literal, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.facilities.errors import NothingToRepeat
from server.facilities.models import BedKind
from server.facilities.returns import rules
from server.facilities.returns.comparing import compare_returns
from server.facilities.returns.models import BedReturn, ReturnSource
from server.facilities.returns.rules import Figures
from server.policies.queries import get_figures

FIGURES = ("licensed", "usable", "occupied", "on_leave", "nursing_occupied")
BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True)
class Return:
    """What a facility files for one kind of beds and one day."""

    site_id: int
    kind: BedKind
    day: date
    figures: Figures

    @property
    def key(self) -> tuple[int, str, date]:
        """What the database knows it by."""
        return self.site_id, self.kind.value, self.day


class Outcome(StrEnum):
    """What became of a return that was filed."""

    NEW = "new"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


def file_return(
    session: Session, filed: Return, *, source: ReturnSource, reason: str | None = None
) -> Outcome:
    """File the figures of a day; filed again they are corrected, and the trail says how.

    Raises `FiguresDoNotAddUp`, `DayOutOfReach` and, for a past day without a reason,
    `ReasonNeeded`. Whether the actor may file for the facility is the caller's to ask.
    """
    rules.check_figures(filed.figures)
    rules.check_day(
        filed.day, today=clock.today(), correct_days=correct_days(session), reason=reason
    )
    return put_returns(session, [filed], source=source)[filed.key]


def put_returns(
    session: Session, returns: Sequence[Return], *, source: ReturnSource
) -> Mapping[tuple[int, str, date], Outcome]:
    """Write checked returns in one statement and say of each what became of it.

    Each key once. What differs from what is counted here becomes a finding.
    """
    if not returns:
        return {}
    values = [_values(one, source, filed_by=actor_of(session).staff_id) for one in returns]
    written = session.execute(_upsert(values)).all()
    compare_returns(session, [row.id for row in written])
    told = {
        (row.site_id, row.kind.value, row.day): Outcome.NEW if row.is_new else Outcome.CORRECTED
        for row in written
    }
    return {one.key: told.get(one.key, Outcome.UNCHANGED) for one in returns}


def file_unchanged(
    session: Session, site_id: int, *, source: ReturnSource, filed_by: int | None = None
) -> int:
    """与昨天一样: copy the facility's newest returns to today; return how many kinds that made.

    Tapped twice, or after today's figures were filed, it changes nothing. Raises
    `NothingToRepeat` where there is no earlier return.
    """
    today = clock.today()
    before = _newest(session, site_id, until=today)
    if not before:
        raise NothingToRepeat()
    figures = [{name: getattr(row, name) for name in FIGURES} for row in before]
    new = upsert(table_of(BedReturn)).values(
        [
            given
            | _stamp(source, filed_by or actor_of(session).staff_id)
            | {"site_id": site_id, "kind": row.kind, "day": today, "is_unchanged": True}
            for given, row in zip(figures, before, strict=True)
        ]
    )
    written = session.execute(
        new.on_conflict_do_nothing(index_elements=["site_id", "kind", "day"]).returning(
            table_of(BedReturn).c.id
        )
    )
    ids = written.scalars().all()
    compare_returns(session, ids)
    return len(ids)


def file_counts(
    session: Session, site_id: int, *, occupied: int, on_leave: int, filed_by: int
) -> Outcome:
    """File today's two numbers, as a text message gives them, over the newest other figures.

    How many nursing beds are occupied stays open. Raises `NothingToRepeat` where no earlier
    return, or one of several kinds of beds, says the rest, and `FiguresDoNotAddUp`.
    """
    newest = _newest(session, site_id, until=clock.today(), or_on=True)
    if len(newest) != 1:
        raise NothingToRepeat()
    figures = Figures(newest[0].licensed, newest[0].usable, occupied, on_leave)
    rules.check_figures(figures)
    filed = Return(site_id, newest[0].kind, clock.today(), figures)
    values = _values(filed, ReturnSource.SMS, filed_by=filed_by)
    written = session.execute(_upsert([values])).all()
    compare_returns(session, [row.id for row in written])
    if not written:
        return Outcome.UNCHANGED
    return Outcome.NEW if written[0].is_new else Outcome.CORRECTED


def correct_days(session: Session) -> int:
    """Return how many days back a return may be corrected today."""
    found = get_figures(session, [rules.CORRECT_DAYS], on=clock.today())
    return int(found[rules.CORRECT_DAYS].value)


def _newest(
    session: Session, site_id: int, *, until: date, or_on: bool = False
) -> Sequence[Row[Any]]:
    """The newest return of each kind before the day, or also of the day itself."""
    in_time: ColumnElement[bool] = col(BedReturn.day) < until
    if or_on:
        in_time = col(BedReturn.day) <= until
    query = (
        select(table_of(BedReturn))
        .where(and_(col(BedReturn.site_id) == site_id, in_time))
        .ext(distinct_on(col(BedReturn.kind)))
        .order_by(col(BedReturn.kind), col(BedReturn.day).desc())
    )
    return session.execute(query).all()


def _values(one: Return, source: ReturnSource, *, filed_by: int | None) -> dict[str, Any]:
    key = {"site_id": one.site_id, "kind": one.kind, "day": one.day, "is_unchanged": False}
    return key | asdict(one.figures) | _stamp(source, filed_by)


def _stamp(source: ReturnSource, filed_by: int | None) -> dict[str, Any]:
    return {"source": source, "filed_at": clock.now(), "filed_by": filed_by}


def _upsert(values: Sequence[Mapping[str, Any]]) -> Any:
    """Rows that say what is there already are left as they are, and come not back."""
    table = table_of(BedReturn)
    new = upsert(table).values(list(values))
    differs = tuple_(*(table.c[name] for name in FIGURES)).is_distinct_from(
        tuple_(*(new.excluded[name] for name in FIGURES))
    )
    changed = (*FIGURES, "is_unchanged", "source", "filed_at", "filed_by")
    return new.on_conflict_do_update(
        index_elements=["site_id", "kind", "day"],
        set_={name: new.excluded[name] for name in changed},
        where=differs,
    ).returning(
        table.c.id,
        table.c.site_id,
        table.c.kind,
        table.c.day,
        (literal_column("xmax") == literal(0)).label("is_new"),
    )

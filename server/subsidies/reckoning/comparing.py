"""Two runs over the same frozen cases, side by side: who gains, who loses, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Row, Select, and_, cast, func, select
from sqlmodel import Session, col

from server.caregivers.models import Caregiver
from server.db.tables import table_of
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.models import SubsidyLine, SubsidyRun
from server.subsidies.reckoning.errors import RunsNotAlike

LINE = table_of(SubsidyLine)
MOST = 500

Scope = ColumnElement[bool]


class Turn(StrEnum):
    """What becomes of a case."""

    GAINS = "gains"
    LOSES = "loses"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """How many gain, lose or stay, and what they had and would have."""

    cases: int = 0
    before_fen: int = 0
    after_fen: int = 0

    @property
    def more_fen(self) -> int:
        return self.after_fen - self.before_fen


@dataclass(frozen=True)
class Comparison:
    """The whole comparison within somebody's reach."""

    turns: dict[Turn, Change]
    sites: Sequence[Row[Any]]

    @property
    def whole(self) -> Change:
        all_of = self.turns.values()
        return Change(
            sum(one.cases for one in all_of), sum(one.before_fen for one in all_of),
            sum(one.after_fen for one in all_of),
        )  # fmt: skip


def require_alike(one: SubsidyRun, other: SubsidyRun) -> None:
    """Raise `RunsNotAlike` unless both were reckoned, and from the same frozen cases."""
    is_done = one.lines_digest is not None and other.lines_digest is not None
    if not is_done or one.facts_digest != other.facts_digest:
        raise RunsNotAlike(run=one.id, other=other.id)


def compare(session: Session, one: int, other: int, within: Scope) -> Comparison:
    """Hold the lines of one run beside those of another, case by case."""
    before, after = LINE.alias(), LINE.alias()
    turn = func.sign(after.c.amount_fen - before.c.amount_fen)
    sums = (
        func.count(), _fen(before.c.amount_fen), _fen(after.c.amount_fen),
    )  # fmt: skip
    rows = session.execute(
        _side_by_side((turn, *sums), before, after, one, other, within).group_by(turn)
    )
    named = {1: Turn.GAINS, -1: Turn.LOSES, 0: Turn.SAME}
    turns = {named[int(row[0])]: Change(row[1], row[2], row[3]) for row in rows}
    return Comparison(turns, _by_site(session, one, other, within))


def list_changed(
    session: Session, one: int, other: int, within: Scope, *, turn: Turn | None = None,
    after_no: int = 0, most: int | None = MOST,
) -> Sequence[Row[Any]]:  # fmt: skip
    """Return the cases that come to something else, with both amounts, in their order."""
    before, after = LINE.alias(), LINE.alias()
    more = after.c.amount_fen - before.c.amount_fen
    columns: tuple[Any, ...] = (
        before.c.number, before.c.month, before.c.resident_id, before.c.caregiver_id,
        before.c.site_id, col(Site.name).label("site_name"),
        before.c.amount_fen.label("before_fen"),
        func.coalesce(col(Resident.name), col(Caregiver.name)).label("person_name"),
        after.c.amount_fen.label("after_fen"), more.label("more_fen"),
    )  # fmt: skip
    asked = (
        _side_by_side(columns, before, after, one, other, within)
        .outerjoin(Resident, col(Resident.id) == before.c.resident_id)
        .outerjoin(Caregiver, col(Caregiver.id) == before.c.caregiver_id)
        .where(before.c.number > after_no)
    )
    wanted = {Turn.GAINS: more > 0, Turn.LOSES: more < 0, Turn.SAME: more == 0}
    asked = asked.where(more != 0 if turn is None else wanted[turn])
    return session.execute(asked.order_by(before.c.number).limit(most)).all()


def _by_site(session: Session, one: int, other: int, within: Scope) -> Sequence[Row[Any]]:
    before, after = LINE.alias(), LINE.alias()
    more = after.c.amount_fen - before.c.amount_fen
    columns: tuple[Any, ...] = (
        before.c.site_id, col(Site.name).label("site_name"),
        func.count().filter(more > 0).label("gain"), func.count().filter(more < 0).label("lose"),
        _fen(before.c.amount_fen).label("before_fen"),
        _fen(after.c.amount_fen).label("after_fen"), _fen(more).label("more_fen"),
    )  # fmt: skip
    asked = _side_by_side(columns, before, after, one, other, within)
    by_site = asked.group_by(before.c.site_id, col(Site.name))
    return session.execute(
        by_site.order_by(func.abs(func.sum(more)).desc(), before.c.site_id)
    ).all()


def _fen(amount: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(amount), BigInteger)


def _side_by_side(
    columns: Sequence[Any], before: FromClause, after: FromClause, one: int, other: int,
    within: Scope,
) -> Select[Any]:  # fmt: skip
    both = and_(after.c.run_id == other, after.c.number == before.c.number)
    return (
        select(*columns)
        .select_from(before)
        .join(after, both)
        .join(Site, col(Site.id) == before.c.site_id)
        .where(before.c.run_id == one, within)
    )

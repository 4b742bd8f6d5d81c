"""What a beneficiary was paid before, as a statement looks it up: live lines, and nothing else.

A line is live where it keeps others of its family away (`holds` is 0), and where it corrects one
that does, or gives what nobody knew of at first. A trial sees what stood before the run it is held
against, and its own lines.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Label,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    true,
)

from server.db.tables import spelled_out, table_of
from server.policies.programmes.schema import Programme
from server.subsidies.models import Outcome, RunStage, SubsidyLine, SubsidyRun

LINE, RUN = table_of(SubsidyLine), table_of(SubsidyRun)
CAPPED_OVER = ("year", "ever")


@dataclass(frozen=True)
class Seen:
    """Which lines count as paid before.

    `own` is the run that is reckoned, `family_no` its family, `numbers` the numbers of the
    families it names. `until` is the first run that counts no more. `looks_at_own` says that the
    same family may have paid for these months, and `corrected` which families have corrections of
    them.
    """

    own: int
    family_no: int
    numbers: Mapping[str, int]
    until: int | None = None
    looks_at_own: bool = False
    corrected: Set[int] = frozenset()


def families_of(programme: Programme, seen: Seen) -> Sequence[tuple[str, int]]:
    """Return the families that keep this one away, each with its number."""
    named = dict.fromkeys(one.family for one in programme.excludes)
    return [(name, seen.numbers[name]) for name in named]


def caps_over(programme: Programme) -> Sequence[str]:
    """Return over what its caps reach beyond one line: `year`, `ever`."""
    return [per for per in CAPPED_OVER if any(cap.per == per for cap in programme.caps)]


def paid_before(programme: Programme, seen: Seen, fact: Table) -> list[Label[Any]]:
    """Return the columns `paid_0` … (a family pays for the month), `paid_own` (this one pays for
    the very part of it), and `had_year`, `had_ever` in fen."""
    found = [
        _pays_for_the_month(number, seen, fact).label(f"paid_{place}")
        for place, (_, number) in enumerate(families_of(programme, seen))
    ]
    if seen.looks_at_own:
        own = _pays_for_the_month(seen.family_no, seen, fact, is_same_part=True)
        found.append(own.label("paid_own"))
    return [*found, *(_sum(per, seen, fact).label(f"had_{per}") for per in caps_over(programme))]


def _pays_for_the_month(
    number: int, seen: Seen, fact: Table, *, is_same_part: bool = False
) -> ColumnElement[bool]:
    line, correction = LINE.alias(), LINE.alias()

    def of_the_month(one: Any) -> list[ColumnElement[bool]]:
        found = [_of(one, number, fact), one.c.month == fact.c.month]
        return [*found, one.c.part == fact.c.part] if is_same_part else found

    has_line = exists(select(1).select_from(line).where(*of_the_month(line), _is_live(line, seen)))
    if number not in seen.corrected:
        return has_line
    given = select(1).select_from(correction).where(*of_the_month(correction))
    more = given.where(_corrects(correction, seen)).having(func.sum(correction.c.amount_fen) > 0)
    return or_(has_line, exists(more))


def _corrects(line: Any, seen: Seen) -> ColumnElement[bool]:
    correction = RUN.alias()
    return and_(
        line.c.of_run_id.is_not(None),
        exists(
            select(1)
            .select_from(correction)
            .where(correction.c.id == line.c.run_id)
            .where(correction.c.stage != spelled_out(RunStage.DISCARDED))
            .where(_is_before(line, seen))
        ),
        ~func.is_held_out(line.c.run_id, line.c.number),
        ~func.is_held_out(line.c.of_run_id, line.c.of_number),
    )


def _sum(per: str, seen: Seen, fact: Table) -> ColumnElement[int]:
    line = LINE.alias()
    corrects = _corrects(line, seen)
    found = [_of(line, seen.family_no, fact), or_(_is_live(line, seen), corrects)]
    if per == "year":
        begun = cast(func.date_trunc("year", fact.c.month), Date)
        found += [line.c.month >= begun, line.c.month < begun + text("interval '1 year'")]
    total = select(func.coalesce(func.sum(line.c.amount_fen), 0)).where(*found).scalar_subquery()
    return cast(total, BigInteger)


def _of(line: Any, number: int, fact: Table) -> ColumnElement[bool]:
    return and_(
        line.c.outcome == spelled_out(Outcome.DUE),
        line.c.family_no == literal(number, BigInteger),
        line.c.beneficiary_id == fact.c.beneficiary_id,
    )


def _is_live(line: Any, seen: Seen) -> ColumnElement[bool]:
    own = line.c.run_id == literal(seen.own, BigInteger)
    return or_(own, and_(line.c.holds == 0, _is_before(line, seen)))


def _is_before(line: Any, seen: Seen) -> ColumnElement[bool]:
    is_before: ColumnElement[bool] = line.c.run_id < literal(seen.until, BigInteger)
    return true() if seen.until is None else is_before

"""A programme as one statement: what every case of a slice comes to, as `reckon()` says it.

Its steps stand inside one another, each a select over the one before; `OFFSET 0` keeps the
planner from folding them, which would reckon every figure as often as it is named. Amounts stay a
numerator over a denominator until they are rounded, once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    false,
    insert,
    literal,
    literal_column,
    or_,
    select,
)

from server.db.tables import table_of
from server.policies.programmes.figures import based_of, facts_of
from server.policies.programmes.schema import Cap, Programme
from server.policies.programmes.terms import Counting
from server.subsidies.models import Outcome, SubsidyFact, SubsidyLine
from server.subsidies.reckoning import amounts
from server.subsidies.reckoning.before import Seen, paid_before
from server.subsidies.reckoning.cells import read_fact
from server.subsidies.reckoning.reasons import reasons
from server.subsidies.reckoning.tracing import trace

FACT, LINE = table_of(SubsidyFact), table_of(SubsidyLine)
OF_A_CASE = ("number", "beneficiary_id", "resident_id", "caregiver_id", "site_id", "month", "part")
WRITTEN = ("run_id", "family_no", *OF_A_CASE, "outcome", "amount_fen", "trace", "holds")

Step = Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True)
class Asked:
    """Which run's cases are reckoned by which programme, and what counts as paid before them."""

    programme: Programme
    seen: Seen
    holds: int = 0


def insert_lines(asked: Asked) -> Insert:
    """Return the statement that writes a slice: the lines of `first_no` to `last_no`."""
    return insert(LINE).from_select(list(WRITTEN), select_lines(asked), include_defaults=False)


def select_lines(asked: Asked) -> Select[Any]:
    """Return the lines of `first_no` to `last_no` as they are to be written."""
    done = _steps(asked)
    c = done.c
    written = {
        "run_id": literal(asked.seen.own, BigInteger),
        "family_no": literal(asked.seen.family_no, BigInteger),
        **{name: c[name] for name in OF_A_CASE},
        "outcome": _outcome(c),
        "amount_fen": c.amount,
        "trace": trace(asked.programme, asked.seen, c),
        "holds": literal(asked.holds, BigInteger),
    }
    return select(*(written[name].label(name) for name in WRITTEN)).order_by(c.number)


def _outcome(c: Any) -> ColumnElement[str]:
    due, nothing, refused = (
        literal(one.value, Text) for one in (Outcome.DUE, Outcome.NOTHING, Outcome.REFUSED)
    )
    had = [(c.is_had, refused)] if "is_had" in c else []
    return case((c.refused, refused), *had, (c.amount > 0, due), else_=nothing)


def _steps(asked: Asked) -> Subquery:
    programme = asked.programme
    step = _next(_cases(asked), lambda c: _rows_of(programme, c))
    step = _next(step, lambda c: _base_of(asked, c))
    step = _next(step, lambda c: _raw_of(programme, c))
    for place, cap in enumerate(programme.caps):
        step = _next(step, partial(_cap_of, place, cap))
    step = _next(step, lambda c: {"amount": _amount_of(programme, c)})
    return _next(step, _had_of) if asked.seen.looks_at_own else step


def _rows_of(programme: Programme, c: Any) -> Step:
    """The first fitting row of every table, by its number in the file."""
    tables = programme.amounts.tables if programme.amounts else []
    rows = {f"row_{no}": amounts.first_fitting(one.rows, c) for no, one in enumerate(tables)}
    factors = enumerate(programme.factors)
    return rows | {f"factor_{no}": amounts.first_fitting(one.rows, c) for no, one in factors}


def _base_of(asked: Asked, c: Any) -> Step:
    """What the tables give, how often it counts, and whether anything refuses it."""
    times, of_times = amounts.count(asked.programme, c)
    speaks = [so for _, so in reasons(asked.programme, asked.seen, c)]
    base = amounts.base(asked.programme, c)
    return {"refused": or_(false(), *speaks), "base": base, "times": times, "of_times": of_times}


def _raw_of(programme: Programme, c: Any) -> Step:
    above, below = amounts.raw(programme, c)
    return {"above": above, "below": below}


def _cap_of(place: int, cap: Cap, c: Any) -> Step:
    """Whether the cap cuts, and what it leaves."""
    cut = amounts.cuts(cap, c)
    return {
        f"cut_{place}": cut,
        "above": case((cut, amounts.most(cap, c) * c.below), else_=c.above),
    }


def _amount_of(programme: Programme, c: Any) -> ColumnElement[int]:
    return case((c.refused, amounts.whole(0)), else_=amounts.rounded(programme, c))


def _had_of(c: Any) -> Step:
    """Whoever would be paid and has the family's pay for the month already."""
    is_had = and_(c.amount > 0, c.paid_own)
    return {"is_had": is_had, "amount": case((is_had, amounts.whole(0)), else_=c.amount)}


def _cases(asked: Asked) -> Subquery:
    """The frozen cases, every fact that is asked typed, and what was paid before."""
    typed = [read_fact(FACT.c.facts, fact).label(fact) for fact in _facts_asked(asked.programme)]
    of_case = [FACT.c[name] for name in (*OF_A_CASE, "on_day")]
    cases = (
        select(*of_case, *typed, *paid_before(asked.programme, asked.seen, FACT))
        .where(FACT.c.run_id == literal(asked.seen.own, BigInteger))
        .where(FACT.c.number.between(bindparam("first_no"), bindparam("last_no")))
    )
    return _kept(cases)


def _facts_asked(programme: Programme) -> Sequence[str]:
    wanted = {fact for _, figure in based_of(programme) for fact in facts_of(figure)}
    counts = programme.counts
    if counts is not None and counts.by in (Counting.FULL_MONTH, Counting.BY_DAY):
        wanted.add("days_of_month")
    return sorted(wanted)


def _next(step: Subquery, found: Callable[[Any], Step]) -> Subquery:
    """Return a step with what is found from the one before; a name found again is replaced."""
    new = found(step.c)
    old = [column for column in step.c if column.key not in new]
    return _kept(select(*old, *(expression.label(name) for name, expression in new.items())))


def _kept(step: Select[Any]) -> Subquery:
    return step.offset(literal_column("0")).subquery()

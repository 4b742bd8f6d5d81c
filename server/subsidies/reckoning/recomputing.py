"""A run derived anew in plain Python, from its frozen facts and its version alone.

Nothing of the statement that reckoned it is used: the rules are `reckon()`, the digests are made
of words put together here. What differs is named, line by line.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, select
from sqlmodel import Session

from server.db.tables import table_of
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.subsidies.models import RunKind, SubsidyFact, SubsidyLine, SubsidyRun, SubsidySlice
from server.subsidies.reckoning.cells import facts_from
from server.subsidies.reckoning.errors import NotRecomputable
from server.subsidies.reckoning.figures import programme_of
from server.subsidies.reckoning.outcomes import before_in, come_to, trace_of, word_of

FACT, LINE, SLICE = table_of(SubsidyFact), table_of(SubsidyLine), table_of(SubsidySlice)
EPOCH = date(1900, 1, 1)
FIRST_ONES = 20
AT_ONCE = 5_000


@dataclass(frozen=True)
class Difference:
    """A line that is not what its facts come to: what it says, and what it should."""

    number: int
    stored: str
    derived: str


@dataclass
class Verdict:
    """What came of it: `lines` derived, `total_fen` of them, and what differs."""

    lines: int = 0
    total_fen: int = 0
    stored_fen: int = 0
    wrong: int = 0
    first: list[Difference] = field(default_factory=list)
    broken_slices: list[int] = field(default_factory=list)
    facts_digest: bytes = b""
    lines_digest: bytes = b""
    is_sealed: bool = False

    @property
    def holds(self) -> bool:
        """True where everything is as it was reckoned, to the fen and to the digest."""
        return self.is_sealed and not self.wrong and not self.broken_slices


def recompute(
    session: Session, run: SubsidyRun, tell: Callable[[int, int], None] = lambda done, of: None
) -> Verdict:
    """Derive every line of a run and hold it beside what is stored; raises `NotRecomputable`."""
    if run.lines_digest is None or run.kind is RunKind.DIFFERENCE:
        raise NotRecomputable(run=run.id)
    version = session.get_one(PolicyVersion, run.version_id)
    programme = programme_of(version.content, run.changes)
    verdict, facts, lines = Verdict(), hashlib.sha256(), hashlib.sha256()
    for one in _slices(session, run):
        digests = _derive_slice(session, run, programme, one, verdict)
        facts.update(digests[0])
        lines.update(digests[1])
        if digests != (bytes(one.facts_digest), bytes(one.lines_digest)):
            verdict.broken_slices.append(one.number)
        tell(verdict.lines, run.facts)
    verdict.facts_digest, verdict.lines_digest = facts.digest(), lines.digest()
    stored = bytes(run.facts_digest or b""), bytes(run.lines_digest)
    is_same = (verdict.facts_digest, verdict.lines_digest) == stored
    verdict.is_sealed = is_same and verdict.total_fen == run.total_fen
    return verdict


def json_text(value: Any) -> str:
    """Return a value as the database writes it: short keys first, then by their bytes."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
        return "{" + ", ".join(f"{_quoted(key)}: {json_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _slices(session: Session, run: SubsidyRun) -> list[Row[Any]]:
    asked = select(SLICE).where(SLICE.c.run_id == run.id).order_by(SLICE.c.number)
    return list(session.execute(asked).all())


def _derive_slice(
    session: Session, run: SubsidyRun, programme: Programme, one: Row[Any], verdict: Verdict
) -> tuple[bytes, bytes]:
    """Return the digests of a slice's facts and lines, as they should be."""
    facts, lines = hashlib.sha256(), hashlib.sha256()
    for place, row in enumerate(_rows(session, run, one)):
        between = b"\n" if place else b""
        facts.update(between + _fact_words(row).encode())
        lines.update(between + _derive(programme, row, verdict).encode())
    return facts.digest(), lines.digest()


def _rows(session: Session, run: SubsidyRun, one: Row[Any]) -> Iterator[Row[Any]]:
    asked = (
        select(
            FACT, LINE.c.outcome, LINE.c.amount_fen, LINE.c.trace,
        )
        .outerjoin(LINE, and_(LINE.c.run_id == FACT.c.run_id, LINE.c.number == FACT.c.number))
        .where(FACT.c.run_id == run.id, FACT.c.number.between(one.first_no, one.last_no))
        .order_by(FACT.c.number)
    )  # fmt: skip
    yield from session.execute(asked, execution_options={"yield_per": AT_ONCE})


def _derive(programme: Programme, row: Row[Any], verdict: Verdict) -> str:
    """Return the words of a line as it should be, and note whether it is."""
    before = before_in(row.trace or {})
    outcome = come_to(programme, facts_from(row.facts), on=row.on_day, before=before)
    trace = trace_of(programme, outcome, before)
    derived = (word_of(outcome), outcome.amount_fen, json_text(trace))
    verdict.lines += 1
    verdict.total_fen += outcome.amount_fen
    verdict.stored_fen += row.amount_fen or 0
    stored = (row.outcome and row.outcome.value, row.amount_fen, json_text(row.trace))
    if derived != stored:
        verdict.wrong += 1
        if len(verdict.first) < FIRST_ONES:
            words = (" ".join(map(str, one)) for one in (stored, derived))
            verdict.first.append(Difference(row.number, *words))
    return _words(row, *derived, 0, 0)


def _fact_words(row: Row[Any]) -> str:
    return "|".join(
        map(str, (row.number, row.beneficiary_id, row.site_id, _days(row.month), row.part,
                  _days(row.on_day), row.subject, json_text(row.facts)))
    )  # fmt: skip


def _words(row: Row[Any], *told: Any) -> str:
    whose = (row.number, row.beneficiary_id, row.site_id, _days(row.month), row.part)
    return "|".join(map(str, (*whose, *told)))


def _days(day: date) -> int:
    return (day - EPOCH).days

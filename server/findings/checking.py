"""Checks: named queries that look for what cannot be true, and the one runner of them all.

A check stands in the table of its context. Its query (`<folder>/<name>.sql`) stands on another
beneath it, which says what was done on the days that are looked at. Figures are passed in: each is
a dated parameter of whoever calls, and what an auditor reads of a check (`yinling checks show`) is
what runs. Run over the same days again, nothing is put down twice; and a later run takes nothing
back: a correction is what whoever cheats would make. A person says what a finding came to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlmodel import Session

from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings

# A statement takes 65,535 values at most, and each suspicion is seven.
A_TIME = 1000
# A check goes over all of a city; how long the server lets it is said by whoever runs it.
PATIENT = {"patience_s": 600}


@dataclass(frozen=True)
class Check:
    """One question: the file that asks it, the figures it takes, and where it comes from.

    `beneath` is the file it stands on, as `called`.
    """

    name: str
    kind: FindingKind
    figures: tuple[str, ...]
    source: str
    folder: Path
    beneath: Path
    called: str

    @property
    def query(self) -> str:
        """The query as it runs, with its head line in words."""
        words, own = _parted((self.folder / f"{self.name}.sql").read_text())
        _, beneath = _parted(self.beneath.read_text())
        return f"{words}WITH {self.called} AS (\n{beneath})\n{own}"


def keys_of(
    checks: Sequence[Check], prefix: str, elsewhere: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the keys under which the figures of these checks are dated parameters.

    What is said once for whoever does a thing and whoever checks it has its key `elsewhere`.
    """
    names = sorted({name for check in checks for name in check.figures})
    return {name: elsewhere.get(name, prefix + name) for name in names}


def check_all(
    session: Session, checks: Sequence[Check], values: Mapping[str, Any]
) -> Mapping[FindingKind, int]:
    """Run these checks and put down what they find; returns how many new findings each kind has.

    `values` has the days from `since` to `until` and whatever figures and facts the checks take.
    """
    return {check.kind: _put(session, _found(session, check, values)) for check in checks}


def find(session: Session, check: Check, values: Mapping[str, Any]) -> Sequence[Suspicion]:
    """Return what one check finds, without putting it down."""
    return list(_found(session, check, values))


def _found(session: Session, check: Check, values: Mapping[str, Any]) -> Iterator[Suspicion]:
    statement = _statement_of(check)
    taken = {name: values[name] for name in statement.compile().params}
    rows = session.connection().execute(statement, taken, execution_options=PATIENT)
    return (_suspicion(check, row, values) for row in rows.all())


def _suspicion(check: Check, row: Row[Any], values: Mapping[str, Any]) -> Suspicion:
    """The evidence says by which figures it was judged."""
    figures = {name: values[name] for name in check.figures}
    evidence = {**row.evidence, "figures": figures}
    return Suspicion(check.kind, row.subject, row.resident_id, evidence, site_id=row.site_id)


def _put(session: Session, suspicions: Iterator[Suspicion]) -> int:
    return sum(len(put_findings(session, some)) for some in _batches(suspicions))


def _batches(suspicions: Iterator[Suspicion]) -> Iterator[Sequence[Suspicion]]:
    return iter(lambda: list(islice(suspicions, A_TIME)), [])


@cache
def _statement_of(check: Check) -> TextClause:
    """Return the check's query, read once in the life of a process."""
    return text(check.query)


def _parted(query: str) -> tuple[str, str]:
    """Part what the query says of itself, at its head, from what it asks."""
    lines = query.splitlines(keepends=True)
    own = list(dropwhile(lambda line: line.startswith("--"), lines))
    return "".join(lines[: len(lines) - len(own)]), "".join(own)

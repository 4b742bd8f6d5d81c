"""Reports that name people by papers: who of the register is meant, and what becomes of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from server.db.sessions import reaching_everywhere
from server.errors import DomainError, NotFound
from server.people.errors import IdNumberUnusable
from server.people.papers import check_id_number
from server.residents.departures.models import DepartureKind
from server.residents.departures.reports import Report
from server.residents.departures.rules import Outcome
from server.residents.departures.service import report_departures
from server.residents.errors import NameDisagrees, PersonAmbiguous
from server.residents.meant import Named, find_meant, settle
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring


class Told(StrEnum):
    """What happened to one report, as its sender is told."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"  # Nobody in the register is meant.
    AMBIGUOUS = "ambiguous"  # Several could be meant; nobody is ever guessed.
    NAME_DISAGREES = "name_disagrees"
    ID_NUMBER_UNUSABLE = "id_number_unusable"
    CONTRADICTS = "contradicts"
    REVERSED_BEFORE = "reversed_before"
    IMPOSSIBLE_DAY = "impossible_day"


_OF_AN_OUTCOME: Mapping[Outcome, Told] = {
    Outcome.RECORDED: Told.APPLIED,
    Outcome.UNCHANGED: Told.UNCHANGED,
    Outcome.REVERSED_BEFORE: Told.REVERSED_BEFORE,
    Outcome.CONTRADICTS: Told.CONTRADICTS,
    Outcome.IMPOSSIBLE_DAY: Told.IMPOSSIBLE_DAY,
}
_OF_A_REFUSAL: Mapping[type[DomainError], Told] = {
    NotFound: Told.UNKNOWN,
    PersonAmbiguous: Told.AMBIGUOUS,
    NameDisagrees: Told.NAME_DISAGREES,
    IdNumberUnusable: Told.ID_NUMBER_UNUSABLE,
}


@dataclass(frozen=True)
class NamedReport:
    """A report about whoever is meant; without an ID number the birth day must do."""

    source_reference: str
    name: str
    kind: DepartureKind
    happened_on: date
    id_number: str | None = None
    born_on: date | None = None


def report_named(session: Session, reports: Sequence[NamedReport], *, source: str) -> list[Told]:
    """Record what is new of these, wherever in the city people live, and say what became of each.

    Sent again under the same reference, nothing changes. The number of statements does not grow
    with the reports.
    """
    with reaching_everywhere(session):
        found = _find(session, reports)
        known = [
            Report(one, report.kind, report.happened_on, source, report.source_reference)
            for report, one in zip(reports, found, strict=True)
            if isinstance(one, int)
        ]
        outcomes = iter(report_departures(session, known) if known else ())
    return [one if isinstance(one, Told) else _OF_AN_OUTCOME[next(outcomes)] for one in found]


def _find(session: Session, reports: Sequence[NamedReport]) -> list[int | Told]:
    """The resident whom each report means, or why there is none."""
    named = [_named(report) for report in reports]
    usable = [one for one in named if isinstance(one, Named)]
    matches = iter(find_meant(session, usable))
    found: list[int | Told] = []
    for one in named:
        try:
            found.append(settle(one, next(matches)) if isinstance(one, Named) else one)
        except DomainError as refusal:
            found.append(_OF_A_REFUSAL[type(refusal)])
    return found


def _named(report: NamedReport) -> Named | Told:
    try:
        number = check_id_number(report.id_number) if report.id_number else None
    except IdNumberUnusable:
        return Told.ID_NUMBER_UNUSABLE
    digest = keyring().digest(number, ID_NUMBER_FIELD) if number else None
    return Named(report.name, digest, report.born_on)

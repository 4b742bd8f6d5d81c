"""A report as its source gives it, and as it is recorded."""

from dataclasses import dataclass
from datetime import date

from server.residents.departures.models import DepartureKind


@dataclass(frozen=True)
class Report:
    """A source says that a resident died, or moved away, on a day.

    `reference` is the source's own number for it, by which the report is known again.
    """

    resident_id: int
    kind: DepartureKind
    happened_on: date
    source: str
    reference: str | None = None


@dataclass(frozen=True)
class Known:
    """A report that is recorded, standing or reversed."""

    report: Report
    is_reversed: bool

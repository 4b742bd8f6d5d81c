"""`yinling import departures`: who has died or moved away, and which report was a mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from infra.cli.import_report import Report as Printed
from infra.cli.importing import finish, importing, takes_a_list
from server.db.sessions import in_transaction, transaction
from server.i18n.catalogues import gettext as _
from server.intake.findings import warning
from server.residents.departures import feed
from server.residents.departures.feed import FeedRow, UnderstoodFeed
from server.residents.departures.reports import Report
from server.residents.departures.rules import Outcome
from server.residents.departures.service import (
    Reversal,
    foresee_departures,
    report_departures,
    reverse_departure,
)


@dataclass(frozen=True)
class Applied:
    """What a feed did: reports recorded, reports reversed, and what was as it is."""

    new: int
    changed: int
    unchanged: int


@click.command("departures")
@takes_a_list(feed.MAPPING)
def import_departures(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in a list of deaths and moves.

    Each person is found by ID number, else by name and birthday; whoever could be two people is
    listed and left alone. From the day after, bookings are cancelled, grants, hardship and the
    account end. A row that takes a report back brings everything back that still can. Applied
    again, a list changes nothing.
    """
    with importing("residents.import-departures"):
        understood = feed.understand_departures(file, mapping_path=mapping)
        with transaction(writes=False) as session:
            feed.find_people(session, understood)
            outcomes = foresee_departures(session, _reports(understood))
            found = [row for row, _id in feed.find_reversals(session, understood)]
        understood.tell_unknown(found)
        good = [*understood.reports, *understood.reversals]
        printed = Printed.of(understood.checked, good=good, repeated=understood.repeated)
        if not dry_run:
            outcomes, reversals = _apply(understood)
            _tell_what_is_lost(understood, reversals)
            printed.written = _applied(outcomes, [reversal for _row, reversal in reversals])
        understood.tell(outcomes)
        finish(printed, understood.checked, file=file, rejects=rejects, strict=strict)


@in_transaction
def _apply(
    understood: UnderstoodFeed, *, session: Session
) -> tuple[list[Outcome], list[tuple[FeedRow, Reversal]]]:
    """Reports first, so that a list may take back what it says itself."""
    outcomes = report_departures(session, _reports(understood))
    reversals = [
        (row, reverse_departure(session, departure_id, reason=row.reason or _("Taken back")))
        for row, departure_id in feed.find_reversals(session, understood)
    ]
    return outcomes, reversals


def _reports(understood: UnderstoodFeed) -> list[Report]:
    return [report for _row, report in understood.reports]


def _tell_what_is_lost(
    understood: UnderstoodFeed, reversals: Sequence[tuple[FeedRow, Reversal]]
) -> None:
    for row, reversal in reversals:
        if reversal.lost:
            complaint = warning("not-all-came-back", things=_counted(reversal))
            understood.checked.note(row.row, "reference", "", complaint)


def _counted(reversal: Reversal) -> str:
    """What did not come back, as table and key: the journal has the rest."""
    return "、".join(f"{entry.table} {entry.key}" for entry in reversal.lost)


def _applied(outcomes: Sequence[Outcome], reversals: Sequence[Any]) -> Applied:
    recorded = outcomes.count(Outcome.RECORDED)
    again = sum(reversal.was_reversed_before for reversal in reversals)
    unchanged = outcomes.count(Outcome.UNCHANGED) + outcomes.count(Outcome.REVERSED_BEFORE)
    return Applied(recorded, len(reversals) - again, unchanged + again)

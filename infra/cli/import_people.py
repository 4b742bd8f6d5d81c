"""`yinling import residents`: elderly people into the register, or up to date."""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlmodel import Session

from infra.cli.import_report import Report
from infra.cli.importing import finish, importing, not_set_up, takes_a_list
from server import clock
from server.db.sessions import in_transaction, transaction
from server.i18n.catalogues import pgettext
from server.intake.findings import Complaint, notice, warning
from server.places.queries import names_by_code
from server.residents import importing as people_lists
from server.residents.importing import Person, UnderstoodPeople, Villages
from server.residents.loading import Loaded, find_gone, find_look_alikes, load_people


@click.command("residents")
@takes_a_list(people_lists.MAPPING)
def import_residents(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in a list of elderly people.

    Every row is checked first; the good ones go in within one transaction. Whoever is known by ID
    number is brought up to date, a blank cell takes nothing away. Whoever looks like somebody who
    is there already goes in and is listed, so that a person can look.
    """
    with importing("residents.import-residents"):
        with transaction(writes=False) as session:
            names = names_by_code(session)
            if not names:
                raise not_set_up()
            understood = people_lists.understand_people(
                file, villages=Villages.of(names), today=clock.today(), mapping_path=mapping
            )
            _note_known(session, understood)
        report = Report.of(understood.checked, good=understood.people, repeated=understood.repeated)
        if not dry_run:
            loaded = _load(understood.people)
            _note_changes(understood, loaded)
            report.written = loaded
        finish(report, understood.checked, file=file, rejects=rejects, strict=strict)


@in_transaction
def _load(people: Sequence[Person], *, session: Session) -> Loaded:
    return load_people(session, people)


def _note_known(session: Session, understood: UnderstoodPeople) -> None:
    """Note who looks like somebody else in the register, and who is gone by what it says."""
    alike = find_look_alikes(session, understood.people)
    gone = set(find_gone(session, understood.people))
    for person in understood.people:
        if person.row.number in alike:
            resident_id = alike[person.row.number]
            _note(understood, person, warning("looks-like-resident", resident_id=resident_id))
        if person.row.number in gone:
            _note(understood, person, warning("register-says-gone"))


def _note_changes(understood: UnderstoodPeople, loaded: Loaded) -> None:
    other_tiers = set(loaded.other_tiers)
    for person in understood.people:
        fields = loaded.changes.get(person.row.number)
        if fields:
            said = "、".join(pgettext("resident_field", field) for field in fields)
            _note(understood, person, notice("brought-up-to-date", fields=said))
        if person.row.number in other_tiers:
            _note(understood, person, warning("hardship-contradicts"))


def _note(understood: UnderstoodPeople, person: Person, complaint: Complaint) -> None:
    understood.checked.note(person.row, "name", "", complaint)

"""`yinling import occupants`: who is in which bed already, when homes begin with the platform."""

from pathlib import Path

import click
from sqlmodel import Session

from infra.cli.import_report import Report
from infra.cli.importing import finish, importing, takes_a_list
from server import clock
from server.db.sessions import in_transaction
from server.facilities.occupants.importing import MAPPING, Occupants, understand_list
from server.facilities.occupants.loading import Loaded, look_at, take_in
from server.facilities.occupants.noting import note
from server.i18n.catalogues import gettext as _


@click.command("occupants")
@takes_a_list(MAPPING)
def import_occupants(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in who is in which bed already, one row a person.

    Every row is checked first, against the file, the beds and the register; the good ones go in
    within one transaction. Whom the register lacks stays outside: `yinling import residents` takes
    them in before. Imported again, a file changes nothing.
    """
    with importing("facilities.import-occupants"):
        occupants = understand_list(file, today=clock.today(), mapping_path=mapping)
        _tell(_("{number} rows read", number=f"{len(occupants.people):,}"))
        loaded = _look(occupants) if dry_run else _take_in(occupants)
        note(occupants, loaded)
        report = Report.of(
            occupants.checked,
            good=range(loaded.new + loaded.unchanged),
            repeated=occupants.repeated,
        )
        report.written = None if dry_run else loaded
        _tell(_("All rows are checked against beds and register."))
        finish(report, occupants.checked, file=file, rejects=rejects, strict=strict)


@in_transaction
def _look(occupants: Occupants, *, session: Session) -> Loaded:
    return look_at(session, occupants.people, site_ids=None)


@in_transaction
def _take_in(occupants: Occupants, *, session: Session) -> Loaded:
    return take_in(session, occupants.people, site_ids=None)


def _tell(sentence: str) -> None:
    click.echo(sentence, err=True)

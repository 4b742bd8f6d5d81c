"""`yinling caregivers import`: the staff of a site, or of all sites of a county, from a list."""

from pathlib import Path

import click
from sqlmodel import Session

from infra.cli.import_report import Report
from infra.cli.importing import Unusable, finish, importing, takes_a_list
from server import clock
from server.caregivers.importing import MAPPING, Lines, understand_list
from server.caregivers.loading import Loaded, load
from server.db.sessions import in_transaction
from server.i18n.catalogues import gettext as _
from server.providers.queries import list_ids


@click.group("caregivers")
def caregivers_group() -> None:
    """The register of caregivers."""


@caregivers_group.command("import")
@takes_a_list(MAPPING)
@click.option("--site", "site_id", type=int, help="Number of the one site the list is of.")
@click.option("--county", help="Six digits: the list may name every site of the county.")
def import_caregivers(
    file: Path,
    dry_run: bool,
    strict: bool,
    mapping: Path,
    rejects: Path | None,
    site_id: int | None,
    county: str | None,
) -> None:
    """Take in a list of staff, one row a person: everybody of it, or nobody.

    Imported again, a file changes nothing; what it knows more of known people is added.
    """
    if (site_id is None) == (county is None):
        raise Unusable(_("Say --site or --county, one of them."))
    with importing("caregivers.import"):
        lines = understand_list(file, today=clock.today(), mapping_path=mapping)
        loaded = _load(lines, site_id=site_id, county=county, is_written=not dry_run)
        good = range(len(lines.people) if lines.is_sound else 0)
        report = Report.of(lines.checked, good=good, repeated=lines.repeated)
        report.written = loaded if loaded.is_written else None
        click.echo(_("All rows are checked against the register of caregivers."), err=True)
        finish(report, lines.checked, file=file, rejects=rejects, strict=strict)


@in_transaction
def _load(
    lines: Lines, *, site_id: int | None, county: str | None, is_written: bool, session: Session
) -> Loaded:
    prefixes = [county] if county else []
    numbers = [site_id] if site_id is not None else []
    sites = list_ids(session, prefixes=prefixes, site_ids=numbers)
    return load(session, lines, site_ids=sites, is_written=is_written)

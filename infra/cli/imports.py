"""`yinling import`: lists that others made, read, checked row by row, and taken in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from infra.cli.import_departures import import_departures
from infra.cli.import_occupants import import_occupants
from infra.cli.import_people import import_residents
from infra.cli.import_report import Report
from infra.cli.import_returns import import_returns
from infra.cli.importing import finish, importing, not_set_up, takes_a_list
from server.db.cities import current_city
from server.db.sessions import transaction
from server.places import importing as division_lists
from server.places.loading import gazetteer_of, known_codes, load_divisions
from server.providers import importing as facility_lists
from server.providers.loading import load_sites


@click.group("import")
def import_group() -> None:
    """Take in lists that others made: facilities, people, departures, returns, occupants.

    CSV or XLSX, whatever the file is called.
    """


@import_group.command("facilities")
@takes_a_list(facility_lists.MAPPING)
def import_facilities(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in a list of care facilities as sites of the city.

    Every row is checked first. The good rows of this city go in within one transaction, known
    ones are brought up to date; rows of other cities are counted; the rest goes to a file in
    which it can be mended and imported again.
    """
    with importing("providers.import-facilities"):
        with transaction(writes=False) as session:
            gazetteer = gazetteer_of(session, current_city())
        _check_set_up(gazetteer.counties)
        understood = facility_lists.understand_facilities(
            file, gazetteer=gazetteer, mapping_path=mapping
        )
        report = Report.of(understood.checked, good=understood.sites, repeated=understood.repeated)
        report.in_a_county = sum(len(site["division_code"]) > 4 for site in understood.sites)
        if not dry_run:
            with transaction() as session:
                report.written = load_sites(session, understood.sites, fields=understood.fields)
        finish(report, understood.checked, file=file, rejects=rejects, strict=strict)


@import_group.command("divisions")
@takes_a_list(division_lists.MAPPING)
def import_divisions(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in the towns and villages of the city.

    Every row is checked first: its level fits its code, and its parent is there. New divisions
    are added, others renamed where their name has changed, none is ever removed.
    """
    with importing("places.import-divisions"):
        with transaction(writes=False) as session:
            known = known_codes(session)
        understood = division_lists.understand_divisions(
            file, city_code=current_city(), known_codes=known, mapping_path=mapping
        )
        report = Report.of(
            understood.checked, good=understood.divisions, repeated=understood.repeated
        )
        if not dry_run:
            with transaction() as session:
                report.written = load_divisions(session, understood.divisions)
        finish(report, understood.checked, file=file, rejects=rejects, strict=strict)


def _check_set_up(counties: Mapping[str, Any]) -> None:
    if not counties:
        raise not_set_up()


import_group.add_command(import_residents)
import_group.add_command(import_departures)
import_group.add_command(import_returns)
import_group.add_command(import_occupants)

"""`yinling import`: lists that others made, read, checked row by row, and taken in."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import psycopg
from sqlalchemy.exc import ProgrammingError

from infra.cli.import_report import Report, finding_sentence, print_report
from server.db.acts import Act, Face, acting
from server.db.cities import current_city
from server.db.sessions import transaction
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext, problem_sentence
from server.intake.checking import Checked
from server.intake.findings import Level
from server.intake.rejects import write_rejects
from server.places import importing as division_lists
from server.places.loading import gazetteer_of, known_codes, load_divisions
from server.providers import importing as facility_lists
from server.providers.loading import load_sites
from server.settings import settings

Command = Callable[..., None]


class Unusable(click.ClickException):
    """The import cannot begin; 2 as for click's own usage errors, so that 1 means findings."""

    exit_code = 2


@click.group("import")
def import_group() -> None:
    """Take in lists that others made: facilities, divisions (CSV or XLSX)."""


def _takes_a_list(default_mapping: Path) -> Callable[[Command], Command]:
    """The argument and options that every import has."""
    options = [
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--dry-run", is_flag=True, help="Check every row, and write nothing."),
        click.option("--strict", is_flag=True, help="Exit with 1 when any row stays outside."),
        click.option(
            "--mapping",
            type=click.Path(path_type=Path),
            default=default_mapping,
            help="YAML file that says which column means what.",
        ),
        click.option(
            "--rejects",
            type=click.Path(path_type=Path),
            help="Where rows to be mended go.  [default: var/rejects/]",
        ),
    ]

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@import_group.command("facilities")
@_takes_a_list(facility_lists.MAPPING)
def import_facilities(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in a list of care facilities as sites of the city.

    Every row is checked first. The good rows of this city go in within one transaction, known
    ones are brought up to date; rows of other cities are counted; the rest goes to a file in
    which it can be mended and imported again.
    """
    with _importing("providers.import-facilities"):
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
        _finish(report, understood.checked, file=file, rejects=rejects, strict=strict)


@import_group.command("divisions")
@_takes_a_list(division_lists.MAPPING)
def import_divisions(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in the towns and villages of the city.

    Every row is checked first: its level fits its code, and its parent is there. New divisions
    are added, others renamed where their name has changed, none is ever removed.
    """
    with _importing("places.import-divisions"):
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
        _finish(report, understood.checked, file=file, rejects=rejects, strict=strict)


@contextmanager
def _importing(action: str) -> Iterator[None]:
    """The platform acts; what makes the whole import impossible is said in one sentence."""
    act = Act(Face.COMMAND, action, request_id=str(uuid.uuid4()), service=True)
    try:
        with acting(act):
            yield
    except DomainError as refusal:
        raise Unusable(problem_sentence(refusal.code, refusal.facts)) from refusal
    except ProgrammingError as failure:
        if isinstance(failure.orig, psycopg.errors.InvalidSchemaName):
            raise _not_set_up() from failure
        raise


def _check_set_up(counties: Mapping[str, Any]) -> None:
    if not counties:
        raise _not_set_up()


def _not_set_up() -> click.ClickException:
    return Unusable(
        _(
            "City {city} is not set up here. Set it up first: yinling city add {city}",
            city=current_city(),
        )
    )


def _finish(
    report: Report, checked: Checked, *, file: Path, rejects: Path | None, strict: bool
) -> None:
    """Write what is to be mended, print everything, and exit as `--strict` asks."""
    if report.written is not None:
        path = rejects or settings().var / "rejects" / f"{file.stem}-{current_city()}.csv"
        if _write_rejects(path, checked):
            report.rejects_path = path
    print_report(report)
    if strict and any(finding.level >= Level.ERROR for finding in checked.findings):
        raise click.exceptions.Exit(1)


def _write_rejects(path: Path, checked: Checked) -> int:
    try:
        return write_rejects(
            path,
            checked,
            titles=(pgettext("import", "Row"), pgettext("import", "Reason")),
            say=finding_sentence,
        )
    except OSError as failure:
        sentence = _("The file for rows to be mended could not be written: {path}", path=path)
        raise Unusable(sentence) from failure

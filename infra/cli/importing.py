"""What every import of a list shares: its options, its act, and how it ends."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from sqlalchemy.exc import ProgrammingError

from infra.cli.import_report import Report, finding_sentence, print_report
from server.db.acts import Act, Face, acting
from server.db.cities import current_city
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext, problem_sentence
from server.intake.checking import Checked
from server.intake.findings import Level
from server.intake.rejects import write_rejects
from server.settings import settings

Command = Callable[..., None]


class Unusable(click.ClickException):
    """The import cannot begin; 2 as for click's own usage errors, so that 1 means findings."""

    exit_code = 2


def takes_a_list(default_mapping: Path) -> Callable[[Command], Command]:
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


@contextmanager
def importing(action: str) -> Iterator[None]:
    """The platform acts; what makes the whole import impossible is said in one sentence."""
    act = Act(Face.COMMAND, action, request_id=str(uuid.uuid4()), service=True)
    try:
        with acting(act):
            yield
    except DomainError as refusal:
        raise Unusable(problem_sentence(refusal.code, refusal.facts)) from refusal
    except ProgrammingError as failure:
        if isinstance(failure.orig, psycopg.errors.InvalidSchemaName):
            raise not_set_up() from failure
        raise


def not_set_up() -> click.ClickException:
    return Unusable(
        _(
            "City {city} is not set up here. Set it up first: yinling city add {city}",
            city=current_city(),
        )
    )


def finish(
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

"""`yinling export`: write sites, bookings or residents into a file that a spreadsheet opens."""

import getpass
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import psycopg
import structlog
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from infra.backup import Progress
from infra.people_rows import resident_rows
from infra.processes import Platform, say_on_stderr
from infra.register_rows import booking_headings, booking_rows, site_headings, site_rows
from infra.table_files import WRITERS, Cell, SheetFull, write_table
from server import clock
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.residents.exporting import resident_headings, watermark, watermarked

LONGEST_REASON = 400
log = structlog.get_logger("yinling.exports")

Read = Callable[[Session], Iterator[Sequence[Cell]]]
Command = Callable[..., None]


@click.group("export")
def export_group() -> None:
    """Write sites, bookings or residents into a file for a spreadsheet (CSV or XLSX)."""


REASON = click.option("--reason", help="Why, for the trail; with it bookings carry full names.")
REASON_NEEDED = click.option("--reason", required=True, help="Why, for the trail and the file.")


def _into_a_file(command: Command) -> Command:
    """The options that every export has."""
    for option in (
        click.option("--force", is_flag=True, help="Overwrite the file if it is there."),
        click.option(
            "--to",
            "path",
            type=click.Path(path_type=Path, dir_okay=False),
            required=True,
            help="The file to write; its ending .csv or .xlsx says which kind.",
        ),
    ):
        command = option(command)
    return command


@export_group.command("sites")
@_into_a_file
@REASON
@click.pass_obj
def export_sites(platform: Platform, path: Path, reason: str | None, force: bool) -> None:
    """Write the register of sites, so that an import can read it back.

    The mapping for reading it is server/providers/mappings/register.yaml.
    """
    _export(platform, "sites", path, site_headings, site_rows, reason=reason, force=force)


@export_group.command("bookings")
@_into_a_file
@REASON
@click.pass_obj
def export_bookings(platform: Platform, path: Path, reason: str | None, force: bool) -> None:
    """Write all bookings with their price splits.

    Residents' names are masked. With --reason they are written in full, and the trail keeps who
    exported them and why.
    """

    def rows(session: Session) -> Iterator[Sequence[Cell]]:
        return booking_rows(session, with_names=reason is not None)

    _export(platform, "bookings", path, booking_headings, rows, reason=reason, force=force)


@export_group.command("residents")
@_into_a_file
@REASON_NEEDED
@click.option("--unmasked", is_flag=True, help="Write names, numbers and addresses in full.")
@click.pass_obj
def export_residents(
    platform: Platform, path: Path, reason: str, unmasked: bool, force: bool
) -> None:
    """Write the register of residents, masked unless --unmasked.

    The last line of the file says who exported it, when, why, and how many rows there are. The
    trail and the log keep the same. Unmasked, an import of residents reads the file back.
    """
    asked_at = clock.now().astimezone(clock.CITY)

    def mark(number: int) -> str:
        log.info("exported residents", rows=number, masked=not unmasked)
        return watermark(
            number, who=getpass.getuser(), reason=reason, at=asked_at, is_masked=not unmasked
        )

    def rows(session: Session) -> Iterator[Sequence[Cell]]:
        return watermarked(resident_rows(session, is_masked=not unmasked), mark)

    _export(
        platform, "residents", path, resident_headings, rows, reason=reason, force=force, marks=1
    )


def _export(
    platform: Platform,
    what: str,
    path: Path,
    headings: Callable[[], list[str]],
    rows: Read,
    *,
    reason: str | None,
    force: bool,
    marks: int = 0,
) -> None:
    """Write the file; of its rows, the last `marks` are about the file and are not counted."""
    _check_file(path, force=force)
    _check_reason(reason)
    # The transaction writes, though only its act: an export leaves a trace of who, when and why.
    with platform.working(f"yinling export {what}", reason=reason) as present:
        try:
            with transaction() as session:
                number = write_table(path, headings(), _told(rows(session)))
        except SheetFull:
            raise click.ClickException(
                _("There are more rows than an XLSX sheet can hold. Write a .csv file.")
            ) from None
        except OSError as failure:
            sentence = _(
                "{path} could not be written: {reason}", path=path, reason=failure.strerror
            )
            raise click.ClickException(sentence) from failure
        except ProgrammingError as failure:
            if isinstance(failure.orig, psycopg.errors.InvalidSchemaName):
                raise _not_set_up(present.city) from failure
            raise
    click.echo(_("{number} rows are in {path}.", number=f"{number - marks:,}", path=path))


def _told(rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    progress = Progress(say_on_stderr)
    for number, row in enumerate(rows, start=1):
        progress.at(_("{number} rows …", number=f"{number:,}"))
        yield row


def _check_file(path: Path, *, force: bool) -> None:
    if path.suffix.lower() not in WRITERS:
        raise click.ClickException(_("The file must end in .csv or .xlsx: {path}", path=path))
    if path.exists() and not force:
        raise click.ClickException(
            _("{path} is there already. Add --force to overwrite it.", path=path)
        )
    if not path.parent.is_dir():
        raise click.ClickException(_("There is no folder {path}.", path=path.parent))


def _check_reason(reason: str | None) -> None:
    if reason is not None and not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise click.ClickException(
            _("The reason must be said, in at most {most} characters.", most=LONGEST_REASON)
        )


def _not_set_up(city: str) -> click.ClickException:
    return click.ClickException(
        _("City {city} is not set up here. Set it up first: yinling city add {city}", city=city)
    )

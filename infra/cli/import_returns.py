"""`yinling import returns`: three years of a thousand homes, or a day of ten."""

import csv
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from infra.cli.importing import importing
from server.db.acts import acting, current_act
from server.db.cities import current_city
from server.db.sessions import on_one_connection, transaction
from server.facilities.returns.importing import MAPPING, ReturnsFile, open_returns
from server.facilities.returns.loading import Loaded, stage_returns, write_slice
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.settings import settings

MOST_TOLD = 20


class _Dry(Exception):
    """Takes back what a dry run staged."""


@click.command("returns")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check every row, and write nothing.")
@click.option("--strict", is_flag=True, help="Exit with 1 when any row stays outside.")
@click.option("--mapping", type=click.Path(path_type=Path), default=MAPPING,
              help="YAML file that says which column means what.")  # fmt: skip
@click.option("--rejects", type=click.Path(path_type=Path),
              help="Where rows to be mended go.  [default: var/rejects/]")  # fmt: skip
def import_returns(
    file: Path, dry_run: bool, strict: bool, mapping: Path, rejects: Path | None
) -> None:
    """Take in bed returns, one row a facility, kind of beds and day.

    Good rows go in by the twenty thousand; a return that is known is corrected where the file says
    something else. A row whose facility is unknown, whose figures do not add up, or that comes
    twice stays outside, with its reason. Imported again, a file changes nothing; broken off, it is
    imported again and goes on from there.
    """
    with importing("facilities.import-returns"), acting(replace(current_act(), reason=file.name)):
        loaded = load_file(file, mapping, is_dry=dry_run)
    for line in _counts(loaded, is_dry=dry_run):
        click.echo(line)
    path = rejects or settings().var / "rejects" / f"{file.stem}-{current_city()}.csv"
    if loaded.rejected:
        _tell_rejected(loaded, path, is_dry=dry_run)
    if strict and loaded.rejected:
        raise click.exceptions.Exit(1)


def load_file(file: Path, mapping: Path, *, is_dry: bool) -> Loaded:
    """Take the file in, part by part; each part holds, whatever becomes of the next."""
    opened = open_returns(file, mapping_path=mapping)
    with on_one_connection():
        loaded = _stage(opened, is_dry=is_dry)
        while not is_dry and not loaded.is_done:
            with transaction() as session:
                write_slice(session, loaded)
            _tell_progress(loaded)
    return loaded


def _stage(opened: ReturnsFile, *, is_dry: bool) -> Loaded:
    loaded = Loaded()
    with suppress(_Dry), transaction() as session:
        loaded = stage_returns(session, opened.lines())
        if is_dry:
            raise _Dry
    return loaded


def _tell_progress(loaded: Loaded) -> None:
    done = loaded.good - loaded.to_write + loaded.written
    line = _("{done} of {of} rows", done=f"{done:,}", of=f"{loaded.good:,}")
    click.echo(line, err=True)


def _counts(loaded: Loaded, *, is_dry: bool) -> list[str]:
    counts: Mapping[str, int] = {
        _("Rows in the file"): loaded.rows,
        _("Good rows"): loaded.good,
        _("Rows to be mended"): len(loaded.rejected),
    }
    if not is_dry:
        counts = {
            **counts,
            pgettext("import", "New"): loaded.new,
            pgettext("import", "Changed"): loaded.changed,
            pgettext("import", "Unchanged"): loaded.unchanged,
        }
    lines = [f"{name}: {count:,}" for name, count in counts.items()]
    return [*lines, _("A dry run: nothing was written.")] if is_dry else lines


def _tell_rejected(loaded: Loaded, path: Path, *, is_dry: bool) -> None:
    for row in loaded.rejected[:MOST_TOLD]:
        click.echo(f"{pgettext('import', 'Row')} {row.row}: {pgettext('finding', row.complaint)}")
    if is_dry:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((pgettext("import", "Row"), pgettext("import", "Reason")))
        writer.writerows((row.row, pgettext("finding", row.complaint)) for row in loaded.rejected)
    click.echo(_("Mend these rows and import the file again: {path}", path=path))

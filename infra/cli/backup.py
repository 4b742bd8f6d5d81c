"""`yinling backup` and `yinling restore`: put a city into one file, and back into a database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine

from infra.backup import (
    Archive,
    BackupImpossible,
    Keys,
    Progress,
    Restored,
    back_up,
    check_place,
    check_there,
    opened,
    restore,
    write_keys,
)
from infra.processes import Misconfigured, Platform, say_on_stderr
from server.audit.anchors import append_anchor, file_of
from server.db.engines import make_owner_engine
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.timetable.service import note_run

PASSPHRASE = "YINLING_BACKUP_PASSPHRASE"
SHORTEST_PASSPHRASE = 12


@click.command("backup")
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@click.pass_obj
def backup(platform: Platform, path: Path, force: bool) -> None:
    """Write the city into one file: data, counts, and the keys under a passphrase.

    The platform may serve meanwhile. Keep the file where only you can read it: ID numbers in it
    are encrypted and the keys are locked, but names and addresses are not. The passphrase is
    YINLING_BACKUP_PASSPHRASE, or asked for.
    """
    with _in_sentences():
        _check_free(path, force=force)
        with platform.working("yinling backup") as present:
            check_there(present.city, platform.owner())
            passphrase = _new_passphrase()
            with transaction():  # Writes the act: who takes everything away leaves a trace.
                pass
            manifest = back_up(
                present.city,
                owner=platform.owner(),
                keys=Keys.of(present),
                passphrase=passphrase,
                to=path,
                progress=Progress(say_on_stderr),
            )
            with transaction() as session:
                note_run(session, job="backup", items=sum(manifest.rows.values()))
        rows, size = sum(manifest.rows.values()), path.stat().st_size / 1_000_000
        click.echo(
            _(
                "City {city} is in {path}: {tables} tables, {rows} rows, {size} MB.",
                city=manifest.city,
                path=path,
                tables=len(manifest.rows),
                rows=f"{rows:,}",
                size=f"{size:,.1f}",
            )
        )
        click.echo(_("Without the passphrase the ID numbers in it cannot be read by anybody."))


@click.command("restore")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--keys-to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the keys go, as lines for the environment; the file must be new.",
)
@click.pass_obj
def restore_command(platform: Platform, path: Path, keys_to: Path | None) -> None:
    """Bring a city back from its backup, into a database that does not have it.

    Everything is checked first, then restored whole, counted, and one ID number is read with the
    restored keys; if anything is wrong nothing stays. Only DATABASE_OWNER_URL is needed, not the
    keys that were lost.
    """
    with _in_sentences(), opened(path, Progress(say_on_stderr)) as archive:
        manifest = archive.manifest
        if platform.chosen_city not in (None, manifest.city):
            raise BackupImpossible(_("The backup is of city {city}.", city=manifest.city))
        _check_keys_file(keys_to)
        with _owner_of(platform) as owner:
            check_place(manifest, owner)
            keys = archive.keys(_known_passphrase())
            _check_keys_have_a_place(keys, keys_to)
            _restore(archive, keys, owner, keys_to)


def _restore(archive: Archive, keys: Keys, owner: Engine, keys_to: Path | None) -> None:
    restored = restore(archive, keys, owner=owner, progress=Progress(say_on_stderr))
    click.echo(
        _(
            "City {city} is restored: {tables} tables, {rows} rows, and its ID numbers are"
            " readable.",
            city=restored.city,
            tables=restored.tables,
            rows=f"{restored.rows:,}",
        )
    )
    append_anchor(file_of(_anchors_folder(), restored.city), restored.head)
    _hand_over(keys, keys_to)
    _say_what_remains(restored)


def _anchors_folder() -> Path:
    """As the settings say; where the keys are lost, they cannot be asked."""
    var = Path(os.environ.get("YINLING_VAR", "var"))
    return Path(os.environ.get("YINLING_ANCHORS") or var / "anchors")


def _hand_over(keys: Keys, keys_to: Path | None) -> None:
    """Give the operator the keys that the city is read with from now on."""
    if keys_to is not None:
        write_keys(keys, keys_to)
        click.echo(_("Its keys are in {path}. Start the platform with them.", path=keys_to))
    elif keys != Keys.in_environment(os.environ):
        click.echo(_("Put these lines into var/secrets.env in place of those of the same name:"))
        click.echo(keys.lines, nl=False)


def _say_what_remains(restored: Restored) -> None:
    if restored.needs_migration:
        click.echo(_("It is at an older step. Start with its keys and run: yinling migrate"))


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except BackupImpossible as failure:
        raise click.ClickException(str(failure)) from failure
    except OSError as failure:
        reason = failure.strerror or str(failure)
        sentence = _("{path} could not be written: {reason}", path=failure.filename, reason=reason)
        raise click.ClickException(sentence) from failure


@contextmanager
def _owner_of(platform: Platform) -> Iterator[Engine]:
    """An engine of the owner; where the keys are lost, settings cannot be asked for it."""
    if platform.is_embedded:
        yield platform.owner()
        return
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        raise Misconfigured("DATABASE_OWNER_URL is missing")
    engine = make_owner_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _check_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise BackupImpossible(
            _("{path} is there already. Add --force to overwrite it.", path=path)
        )
    if not path.parent.is_dir():
        raise BackupImpossible(_("There is no folder {path}.", path=path.parent))


def _check_keys_file(keys_to: Path | None) -> None:
    if keys_to is None:
        return
    if keys_to.exists():
        raise BackupImpossible(
            _("{path} is there already, and keys overwrite nothing.", path=keys_to)
        )
    if not keys_to.parent.is_dir():
        raise BackupImpossible(_("There is no folder {path}.", path=keys_to.parent))


def _check_keys_have_a_place(keys: Keys, keys_to: Path | None) -> None:
    """Outside development keys are never printed: they need a file, or to be here already."""
    is_development = os.environ.get("YINLING_ENV", "development") == "development"
    if keys_to is None and not is_development and keys != Keys.in_environment(os.environ):
        raise BackupImpossible(
            _("This process holds other keys than the backup. Name a file for them: --keys-to FILE")
        )


def _known_passphrase() -> str:
    return os.environ.get(PASSPHRASE) or click.prompt(
        _("Passphrase of the backup"), hide_input=True
    )


def _new_passphrase() -> str:
    passphrase = os.environ.get(PASSPHRASE) or click.prompt(
        _("Passphrase for the backup"),
        hide_input=True,
        confirmation_prompt=_("The same once more"),
    )
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupImpossible(
            _("The passphrase must have at least {least} characters.", least=SHORTEST_PASSPHRASE)
        )
    return str(passphrase)

"""Takes a backup: counts and data of one moment, while the platform goes on serving."""

import importlib.metadata
import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from infra.backup.archive import FORM, Manifest, hash_of, write_archive
from infra.backup.impossible import BackupImpossible
from infra.backup.locked_keys import Keys, check_keys, lock
from infra.backup.programs import dump_schema
from infra.backup.progress import Progress
from server import clock
from server.db.cities import schema_of
from server.i18n.catalogues import gettext as _
from server.migrations.run import has_schema

TABLES = text(
    'SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename COLLATE "C"'
)


def check_there(city: str, owner: Engine) -> None:
    """Raise unless this database has the city."""
    with owner.connect() as connection:
        if has_schema(connection, city):
            return
    raise BackupImpossible(
        _("City {city} is not set up here. Set it up first: yinling city add {city}", city=city)
    )


def back_up(
    city: str, *, owner: Engine, keys: Keys, passphrase: str, to: Path, progress: Progress
) -> Manifest:
    """Write the city into a file that appears whole or not at all, and return what it holds.

    The keys must read the city's data: a backup that nobody could read is not made.
    """
    try:
        room = Path(tempfile.mkdtemp(prefix=f".{to.name}-", dir=to.parent))
    except OSError as failure:
        raise _not_writable(to, failure) from failure
    try:
        return _back_up_in(room, city, owner, keys, passphrase, to, progress)
    except OSError as failure:
        raise _not_writable(to, failure) from failure
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _back_up_in(
    room: Path,
    city: str,
    owner: Engine,
    keys: Keys,
    passphrase: str,
    to: Path,
    progress: Progress,
) -> Manifest:
    dump, draft = room / "database.dump", room / "backup"
    manifest = _dump(city, owner, keys, dump, progress)

    content = manifest.to_bytes()
    locked_keys = lock(keys, passphrase, belonging_to=content)
    write_archive(draft, manifest=content, locked_keys=locked_keys, dump=dump)
    os.replace(draft, to)
    return manifest


def _dump(city: str, owner: Engine, keys: Keys, dump: Path, progress: Progress) -> Manifest:
    schema, url = schema_of(city), owner.url.render_as_string(hide_password=False)
    with owner.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        check_keys(connection, schema, keys)
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        rows, step = count_rows(connection, schema), step_of(connection, schema)
        dump_schema(url, schema, snapshot=snapshot, to=dump, progress=progress)
    return Manifest(
        form=FORM,
        city=city,
        program_version=importlib.metadata.version("yinling"),
        migration_step=step,
        taken_at=clock.now().isoformat(),
        rows=rows,
        dump_sha256=hash_of(dump),
    )


def count_rows(connection: Connection, schema: str) -> dict[str, int]:
    """Return how many rows each table of the schema has."""
    tables = connection.execute(TABLES, {"schema": schema}).scalars().all()
    return {
        table: connection.execute(text(f'SELECT count(*) FROM {schema}."{table}"')).scalar_one()
        for table in tables
    }


def step_of(connection: Connection, schema: str) -> str:
    """Return the migration step that the schema stands at."""
    found = connection.execute(text(f"SELECT version_num FROM {schema}.alembic_version"))
    return str(found.scalar_one())


def _not_writable(to: Path, failure: OSError) -> BackupImpossible:
    return BackupImpossible(
        _("{path} could not be written: {reason}", path=to, reason=failure.strerror or failure)
    )

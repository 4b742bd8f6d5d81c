"""Takes a city back from a backup: the whole city, proven readable, or nothing."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from infra.backup.archive import Archive, Manifest
from infra.backup.impossible import BackupImpossible
from infra.backup.locked_keys import Keys, check_keys
from infra.backup.programs import restore_schema
from infra.backup.progress import Progress
from infra.backup.settled_trail import settle_trail
from infra.backup.taking import count_rows
from infra.database_roles import ROLES
from server.audit.rules import Anchor
from server.i18n.catalogues import gettext as _
from server.migrations import run
from server.migrations.run import has_schema, newest_step

OTHER_CITIES = text(
    r"SELECT nspname FROM pg_namespace WHERE nspname ~ '^city_\d{4}$' ORDER BY nspname"
)
ROLES_THERE = text("SELECT rolname FROM pg_roles WHERE rolname = ANY (:roles)")


@dataclass(frozen=True)
class Restored:
    """What came back; `needs_migration` where this program expects a newer step.

    `head` is where the trail's chain stands now, for the file of anchors: what was anchored after
    the backup is gone, and the file shall say why.
    """

    city: str
    tables: int
    rows: int
    needs_migration: bool
    head: Anchor


def check_place(manifest: Manifest, owner: Engine) -> None:
    """Raise unless the database has the roles, lacks the city, and the program knows its step."""
    steps = {path.name.partition("_")[0] for path in (run.FOLDER / "versions").glob("*_*.py")}
    if manifest.migration_step not in steps:
        raise BackupImpossible(
            _(
                "The backup is at step {step}, which this Yinling does not know yet. Update first.",
                step=manifest.migration_step,
            )
        )
    with owner.connect() as connection:
        there = set(connection.execute(ROLES_THERE, {"roles": list(ROLES)}).scalars())
        if missing := [role for role in ROLES if role not in there]:
            raise BackupImpossible(
                _("This database server lacks the roles: {roles}", roles=", ".join(missing))
            )
        if has_schema(connection, manifest.city):
            raise BackupImpossible(
                _(
                    "City {city} is there already, and a restore overwrites nothing."
                    " Restore into an empty database.",
                    city=manifest.city,
                )
            )


def restore(archive: Archive, keys: Keys, *, owner: Engine, progress: Progress) -> Restored:
    """Bring the city back and prove it; where the proof fails, what came back is removed again.

    Raises where the keys do not read the cities that are in this database already.
    """
    manifest = archive.manifest
    check_place(manifest, owner)
    _check_neighbours(owner, keys)
    url = owner.url.render_as_string(hide_password=False)
    restore_schema(url, archive.dump(), size=archive.dump_size, progress=progress)
    try:
        with owner.begin() as connection:
            _prove(connection, manifest, keys)
            head = _settle(connection, manifest.schema, manifest.city)
    except BaseException:
        with owner.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {manifest.schema} CASCADE"))
        raise
    return Restored(
        city=manifest.city,
        tables=len(manifest.rows),
        rows=sum(manifest.rows.values()),
        needs_migration=manifest.migration_step != newest_step(),
        head=head,
    )


def _check_neighbours(owner: Engine, keys: Keys) -> None:
    """One process holds one set of keys: cities of different keys cannot share a database."""
    with owner.connect() as connection:
        for schema in connection.execute(OTHER_CITIES).scalars().all():
            try:
                check_keys(connection, schema, keys)
            except BackupImpossible as failure:
                raise BackupImpossible(
                    _(
                        "City {city}, which is in this database, is kept with other keys."
                        " Restore into a database of its own.",
                        city=schema.removeprefix("city_"),
                    )
                ) from failure


def _prove(connection: Connection, manifest: Manifest, keys: Keys) -> None:
    counted = count_rows(connection, manifest.schema)
    other = [name for name in manifest.rows if counted.get(name) != manifest.rows[name]]
    if other or counted.keys() != manifest.rows.keys():
        names = ", ".join(other) or ", ".join(counted.keys() ^ manifest.rows.keys())
        raise BackupImpossible(
            _("Other rows came back than were backed up, in: {tables}", tables=names)
        )
    check_keys(connection, manifest.schema, keys)


def _settle(connection: Connection, schema: str, city_code: str) -> Anchor:
    """Make what depends on the old cluster fit the new one; returns where the trail stands."""
    head = settle_trail(connection, schema, city_code)
    for table in count_rows(connection, schema):
        connection.execute(text(f'ANALYZE {schema}."{table}"'))
    return head


def write_keys(keys: Keys, to: Path) -> None:
    """Write the keys as environment lines into a new file that only its owner may read."""
    to.touch(mode=0o600, exist_ok=False)
    to.write_text(keys.lines, encoding="utf-8")

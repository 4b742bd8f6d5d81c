"""Write the next migration: what the tables in the code have and a freshly migrated city has not.

Alembic sees neither CHECK nor EXCLUDE constraints, so read what it wrote before keeping it.
"""

import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from infra.database_roles import DATABASE, OWNER, ROLES, bootstrap_roles
from infra.embedded_postgres import EmbeddedPostgres
from infra.postgres_process import short_temporary_folder
from server.db.cities import schema_of
from server.migrations.run import FOLDER, migrate, newest_step

CITY = "0000"


def main(words: list[str]) -> None:
    """Write `server/migrations/versions/NNNN_words.py` and make it the newest step."""
    number = f"{int(newest_step()[:4]) + 1:04d}"
    with migrated_city() as connection:
        config = Config(attributes={"connection": connection, "schema": schema_of(CITY)})
        config.set_main_option("script_location", str(FOLDER))
        config.set_main_option("path_separator", "os")
        command.revision(config, " ".join(words), autogenerate=True, rev_id=number)
    (FOLDER / ".current-head").write_text(f"{number}\n")


@contextmanager
def migrated_city() -> Iterator[Connection]:
    """A connection to an empty city at the newest step, on a server that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="yinling-revision-", dir=short_temporary_folder()))
    folder.chmod(0o711)
    password = secrets.token_urlsafe()
    try:
        with EmbeddedPostgres(folder / "postgres", password=password, durable=False) as server:
            bootstrap_roles(server.url(), dict.fromkeys(ROLES, password))
            engine = create_engine(server.url(OWNER, password, DATABASE))
            migrate(engine, CITY, context_key=password)
            with engine.begin() as connection:
                connection.execute(text(f"SET LOCAL search_path TO {schema_of(CITY)}, pg_temp"))
                yield connection
            engine.dispose()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Bring one city's schema to the newest step; run as the role that owns the schema."""

import hashlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from server.db.cities import schema_of

FOLDER = Path(__file__).parent
ROLES_OF_THE_CITY = ("yinling_app", "yinling_sealer")


def migrate(owner: Engine, city_code: str, *, context_key: str, to: str = "head") -> None:
    """Create the schema if it is new, walk it to the step, and store the platform's key digest.

    Safe to run again, and beside itself: the second waits for the first.
    """
    schema = schema_of(city_code)
    with owner.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": schema})
        _make_schema(connection, schema)
        connection.execute(text(f"SET LOCAL search_path TO {schema}, pg_temp"))
        command.upgrade(_config(connection, schema), to)
        _store_context_key(connection, context_key)


def has_schema(connection: Connection, city_code: str) -> bool:
    """True when the city was added to this database."""
    found = connection.execute(
        text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": schema_of(city_code)}
    )
    return found.first() is not None


def find_step(connection: Connection, city_code: str) -> str | None:
    """Return the revision that the city's schema is at; None where there is no such city."""
    if not has_schema(connection, city_code):
        return None
    query = text(f"SELECT version_num FROM {schema_of(city_code)}.alembic_version")
    step: str | None = connection.execute(query).scalar()
    return step


def newest_step() -> str:
    """Return the revision that this code expects."""
    return (FOLDER / ".current-head").read_text().strip()


def _make_schema(connection: Connection, schema: str) -> None:
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    for role in ROLES_OF_THE_CITY:
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {role}"))


def _config(connection: Connection, schema: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, schema=schema)
    return config


def _store_context_key(connection: Connection, context_key: str) -> None:
    digest = hashlib.sha256(context_key.encode()).digest()
    connection.execute(text("UPDATE context_secret SET platform_digest = :d"), {"d": digest})

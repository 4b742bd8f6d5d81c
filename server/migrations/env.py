"""Alembic's entry: the connection and the city's schema come from `run.py`, never from a file."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import text

from server.migrations.tables import metadata

LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "10min"


def render_item(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Write SQLModel's own string type as plain SQLAlchemy."""
    if kind == "type" and type(thing).__name__ == "AutoString":
        return f"sa.String(length={thing.length})"
    return False


def is_a_models_table(name: str | None, kind: str, _: Any) -> bool:
    """Leave the tables that only SQL knows out of what a new step is compared with."""
    return not (kind == "table" and name in {"context_secret", "alembic_version"})


def run() -> None:
    """Walk the steps inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    schema = context.config.attributes["schema"]
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema,
        render_item=render_item,
        include_name=is_a_models_table,
        compare_type=True,
    )
    context.run_migrations()


run()

"""The three roles that Yinling works under, and the database they share."""

from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

OWNER = "yinling_owner"
APP = "yinling_app"
SEALER = "yinling_sealer"
ROLES = (OWNER, APP, SEALER)
DATABASE = "yinling"
HARMLESS = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def bootstrap_roles(
    admin_url: str, passwords: Mapping[str, str], *, database: str = DATABASE
) -> None:
    """Make roles and database as they must be, with these passwords; safe to run again.

    `yinling_owner` owns the database and may create schemas in it; the other two may only connect
    (and make temporary tables). No role passes row-level security.
    """
    with psycopg.connect(libpq_url(admin_url), autocommit=True) as connection:
        for role in ROLES:
            _ensure_role(connection, role, passwords[role])
        _ensure_database(connection, database)


def libpq_url(url: str) -> str:
    """The same address in the form that psycopg and pg_dump understand."""
    address = make_url(url)
    words = address.translate_connect_args(username="user", database="dbname")
    options = {name: str(value) for name, value in address.query.items()}
    return make_conninfo("", **options, **words)


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Create or mend one role; the password travels as its scram verifier only."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    statement = sql.SQL("{} ROLE {} {} PASSWORD {}").format(
        verb, sql.Identifier(role), HARMLESS, sql.Literal(verifier.decode())
    )
    connection.execute(statement)


def _ensure_database(connection: psycopg.Connection, database: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(OWNER)}
    if known.fetchone() is None:
        create = "CREATE DATABASE {database} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
        connection.execute(sql.SQL(create).format(**names))
    others = sql.SQL(", ").join([sql.Identifier(APP), sql.Identifier(SEALER)])
    for statement in (
        "ALTER DATABASE {database} OWNER TO {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {others}",
    ):
        connection.execute(sql.SQL(statement).format(**names, others=others))

"""A city made anew for one measurement, on a server and under a folder of its own."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg

from infra.bench.ground import CITY
from infra.cities import add_city
from infra.database_roles import DATABASE, libpq_url
from infra.processes import Platform
from server.db.cities import schema_of

URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SEALER_URL")


@contextmanager
def city_of_its_own(folder: Path, **settings: str) -> Iterator[Platform]:
    """Yield a platform with an empty city; whatever was measured there before is gone."""
    for name in URLS:
        os.environ.pop(name, None)
    own = {"YINLING_ENV": "development", "YINLING_VAR": str(folder), "YINLING_CITY": CITY}
    os.environ.update(own | settings)
    platform = Platform(say=say)
    try:
        _make_city(platform)
        yield platform
    finally:
        platform.close()


@contextmanager
def superuser(platform: Platform) -> Iterator[psycopg.Connection]:
    """Yield a connection past row security, in the city's schema."""
    url = libpq_url(platform.embedded_server.url(database=DATABASE))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET search_path TO {schema_of(CITY)}".encode())
        yield connection


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def say(sentence: str) -> None:
    """Tell how the measurement goes on."""
    click.echo(sentence, err=True)


def machine() -> str:
    """Return on what, how busy, and when it was measured."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {time.strftime('%Y-%m-%d')}"


def _make_city(platform: Platform) -> None:
    server = platform.embedded_server
    server.start()
    with psycopg.connect(libpq_url(server.url()), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
    context_key = platform.connect().context_key.get_secret_value()
    platform.wire()
    say("Making the city …")
    add_city(CITY, owner=platform.owner(), context_key=context_key)

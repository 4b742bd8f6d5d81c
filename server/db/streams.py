"""Connections beside the pool, for work that streams a whole table by COPY."""

from typing import Any

import psycopg
from sqlalchemy import make_url

from server.db.cities import schema_of

Stream = psycopg.Connection[Any]

# What is hashed must read the same whoever asks: COPY writes instants as the session says.
READS_THE_SAME = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex"


def open_stream(url: str, city_code: str, *, name: str) -> Stream:
    """Return an autocommit connection in the city's schema, for one long piece of work.

    It is closed by its `with` block. Raises `psycopg.OperationalError`.
    """
    address = make_url(url)
    positional, named = address.get_dialect()().create_connect_args(address)
    options = f"-c search_path={schema_of(city_code)},pg_temp {READS_THE_SAME} -c jit=off"
    return psycopg.connect(
        *positional,
        **{**named, "application_name": f"yinling-{name}", "options": options},
        autocommit=True,
    )

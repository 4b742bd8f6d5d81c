"""Connections that stay open outside the pool: one holds the lead, one hears of new messages."""

from typing import Any

import psycopg
from sqlalchemy import make_url

Line = psycopg.Connection[Any]

# Both ends notice within seconds when the other is gone, pulled plugs and frozen machines included.
NOTICE_ENDS = {
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 4000,
    "connect_timeout": 5,
}
SERVER_NOTICES = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"


def open_line(url: str, *, name: str, options: str = "") -> Line:
    """Return an autocommit connection for the SQLAlchemy address.

    Raises `psycopg.OperationalError`, as does whatever is done with a line that was cut.
    """
    address = make_url(url)
    positional, named = address.get_dialect()().create_connect_args(address)
    limits = f"{SERVER_NOTICES} -c statement_timeout=5s {options}"
    return psycopg.connect(
        *positional,
        **{**named, **NOTICE_ENDS, "application_name": f"yinling-{name}", "options": limits},
        autocommit=True,
    )

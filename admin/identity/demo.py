"""The people of the demo, whom a visitor may be."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.identity.queries import list_offices
from server.settings import settings

# What `yinling demo` gives all its made-up staff, and prints; it opens nothing outside a demo.
PASSWORD = "yinling-demo"


def list_demo_people(session: Session) -> Sequence[Row[Any]]:
    """Return the staff that the sign-in page offers; nobody, but in a demo."""
    return list_offices(session, today=clock.today()) if settings().demo else ()

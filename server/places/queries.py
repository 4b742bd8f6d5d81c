"""Divisions by code."""

from sqlmodel import Session

from server.errors import NotFound
from server.places.models import Division


def get_division(session: Session, code: str) -> Division:
    """Return the division; raises `NotFound`."""
    division = session.get(Division, code)
    if division is None:
        raise NotFound()
    return division

"""Divisions by code, the chain above one, and the counties within some prefixes."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from server.errors import NotFound
from server.places.models import CODE_LENGTH, Division, DivisionLevel


def get_division(session: Session, code: str) -> Division:
    """Return the division; raises `NotFound`."""
    division = session.get(Division, code)
    if division is None:
        raise NotFound()
    return division


def list_chain(session: Session, code: str) -> Sequence[Division]:
    """Return the division and all above it, the city first."""
    codes = [code[:length] for length in CODE_LENGTH.values() if length <= len(code)]
    query = select(Division).where(col(Division.code).in_(codes)).order_by(col(Division.code))
    return session.exec(query).all()


def list_counties(session: Session, *, prefixes: Sequence[str]) -> Sequence[Division]:
    """Return the counties that lie under one of the prefixes, or that one of them lies in."""
    near = [
        col(Division.code).startswith(prefix[: CODE_LENGTH[DivisionLevel.COUNTY]], autoescape=True)
        for prefix in prefixes
    ]
    query = select(Division).where(col(Division.level) == DivisionLevel.COUNTY, or_(False, *near))
    return session.exec(query.order_by(col(Division.code))).all()

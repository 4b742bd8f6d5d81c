"""Divisions by code, the chain above one, and the counties within some prefixes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, literal
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from server.errors import NotFound
from server.places.models import CODE_LENGTH, Division, DivisionLevel


def get_division(session: Session, code: str) -> Division:
    """Return the division; raises `NotFound`."""
    division = session.get(Division, code)
    if division is None:
        raise NotFound()
    return division


def names_by_code(session: Session) -> dict[str, str]:
    """Return code → name of every division of the city."""
    rows = session.execute(select(Division.code, Division.name).order_by(col(Division.code)))
    return {row.code: row.name for row in rows}


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


def search_divisions(
    session: Session, *, name: str, prefixes: Sequence[str], limit: int
) -> Sequence[Row[Any]]:
    """Return divisions under the prefixes whose name holds the text, the widest first.

    Each with its `code`, `name`, and `path`: the names from the city down to itself.
    """
    above = aliased(Division)
    under = [col(Division.code).startswith(prefix, autoescape=True) for prefix in prefixes]
    named = col(Division.name).contains(name, autoescape=True)
    found = (
        select(col(Division.code), col(Division.name))
        .where(or_(False, *under), named)
        .order_by(func.length(col(Division.code)), col(Division.code))
        .limit(limit)
        .subquery()
    )
    path = func.string_agg(above.name, aggregate_order_by(literal(" "), func.length(above.code)))
    query = select(found.c.code, found.c.name, path.label("path")).join(
        above, func.starts_with(found.c.code, above.code)
    )
    return session.execute(
        query.group_by(found.c.code, found.c.name).order_by(func.length(found.c.code), found.c.code)
    ).all()

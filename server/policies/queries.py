"""Which figures held on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from server.policies.errors import RuleMissing
from server.policies.models import Parameter


@dataclass(frozen=True)
class Figure:
    """A value with the row it comes from, so that a snapshot can name its basis."""

    parameter_id: int
    value: Any


def get_figures(session: Session, keys: Sequence[str], *, on: date) -> Mapping[str, Figure]:
    """Return the figures in force on the civil day by key; raises `RuleMissing` for a gap."""
    rows = session.execute(
        select(col(Parameter.key), col(Parameter.id), col(Parameter.value))
        .where(
            col(Parameter.key).in_(keys),
            col(Parameter.starts_on) <= on,
            or_(col(Parameter.ends_on).is_(None), col(Parameter.ends_on) > on),
        )
        .order_by(col(Parameter.key))
    ).all()
    figures = {key: Figure(parameter_id, value) for key, parameter_id, value in rows}
    for missing in set(keys) - set(figures):
        raise RuleMissing(parameter=missing, day=on.isoformat())
    return figures


def list_bases(session: Session, keys: Sequence[str], *, on: date) -> Mapping[str, Parameter]:
    """Return the figures in force on the day with what they rest on, by key; a gap is left out."""
    rows = session.execute(
        select(Parameter)
        .where(
            col(Parameter.key).in_(keys),
            col(Parameter.starts_on) <= on,
            or_(col(Parameter.ends_on).is_(None), col(Parameter.ends_on) > on),
        )
        .order_by(col(Parameter.key))
    )
    return {row.key: row for row in rows.scalars()}

"""Put a pack of figures into force."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from server.policies.models import Parameter, Standing

PACKS = Path(__file__).parent / "packs"


def load_pack(session: Session, name: str) -> int:
    """Bring in the figures of a shipped pack that are not there yet; returns how many were new.

    A figure is known by key and first day: loading a pack again changes nothing.
    """
    offered = [row for file in sorted((PACKS / name).glob("*.yaml")) for row in _rows(file)]
    known = {
        (row.key, row.starts_on)
        for row in session.execute(select(col(Parameter.key), col(Parameter.starts_on))).all()
    }
    new = [row for row in offered if (row["key"], row["starts_on"]) not in known]
    if new:
        session.execute(insert(Parameter), _numbered(session, new))
    return len(new)


def end_figure(session: Session, parameter_id: int, *, on: date) -> None:
    """Let a figure hold until the day before `on`, so that another can follow it."""
    parameter = session.get_one(Parameter, parameter_id)
    parameter.ends_on = on
    session.flush()


def _rows(file: Path) -> list[dict[str, Any]]:
    pack = yaml.safe_load(file.read_text())
    return [
        {
            "ends_on": None,
            "standing": Standing(parameter.pop("standing", pack["standing"])),
            "pack": pack["pack"],
            **parameter,
        }
        for parameter in pack["parameters"]
    ]


def _numbered(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every key has one number, which the constraint folds together with its days."""
    found = session.execute(
        select(col(Parameter.key), func.min(col(Parameter.key_no))).group_by(col(Parameter.key))
    ).all()
    numbers: dict[str, int] = {row[0]: row[1] for row in found}
    for row in rows:
        row["key_no"] = numbers.setdefault(row["key"], max(numbers.values(), default=0) + 1)
    return rows

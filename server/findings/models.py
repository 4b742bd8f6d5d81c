"""Findings and where they stand."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, structured


class FindingKind(StrEnum):
    MEAL_AFTER_DEPARTURE = "meal_after_departure"  # 离世或迁出后仍取餐
    HARDSHIP_AFTER_DEPARTURE = "hardship_after_departure"  # 离世或迁出后认定困难
    NIGHT_AFTER_DEPARTURE = "night_after_departure"  # 离世或迁出后仍在床


class FindingState(StrEnum):
    OPEN = "open"  # 待核查
    WITHDRAWN = "withdrawn"  # 已撤销: what it rested on was reversed


class Finding(Table, table=True):
    """疑点: `subject` names the one thing it is about, so that nothing is found twice."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: int | None = key()
    kind: FindingKind = chosen_from(FindingKind)
    subject: str = Field(max_length=80, description="For instance `booking:12`; ids alone.")
    resident_id: int = refers_to("resident.id", index=True)
    evidence: dict[str, object] = structured(description="Ids, days and amounts; no names.")
    found_at: datetime = instant()
    state: FindingState = chosen_from(FindingState, default=FindingState.OPEN)

"""Findings and where they stand."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, structured


class FindingKind(StrEnum):
    MEAL_AFTER_DEPARTURE = "meal_after_departure"  # 离世或迁出后仍取餐
    HARDSHIP_AFTER_DEPARTURE = "hardship_after_departure"  # 离世或迁出后认定困难
    NIGHT_AFTER_DEPARTURE = "night_after_departure"  # 离世或迁出后仍在床
    RETURN_DIFFERS = "return_differs"  # 床位日报与系统记录不符
    TOO_FEW_CAREGIVERS = "too_few_caregivers"  # 在岗护理员不足
    DEATH_IN_A_STAY = "death_in_a_stay"  # 机构报告离世，待县级确认


class FindingState(StrEnum):
    OPEN = "open"  # 待核查
    TRUE = "true"  # 属实
    FALSE_ALARM = "false_alarm"  # 误报
    CLOSED = "closed"  # 已办结: it was true, and what followed from it is done
    WITHDRAWN = "withdrawn"  # 已撤销: what it rested on was reversed


class Finding(Table, table=True):
    """疑点: `subject` names the one thing it is about, so that nothing is found twice.

    It is about a resident, or about a facility.
    `owner_id` has taken it, until `due_on`; whoever took it says what it came to, in `note`.
    """

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        CheckConstraint(
            "(owner_id IS NULL) = (taken_at IS NULL) AND (owner_id IS NULL) = (due_on IS NULL)",
            name="taken_is_whole",
        ),
        CheckConstraint(
            "(state IN ('true', 'false_alarm', 'closed')) = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL OR note IS NOT NULL AND owner_id IS NOT NULL)",
            name="settled_is_whole",
        ),
        CheckConstraint("num_nonnulls(resident_id, site_id) = 1", name="about_one"),
        Index("ix_finding_state", "state", "found_at", "id"),
    )

    id: int | None = key()
    kind: FindingKind = chosen_from(FindingKind)
    subject: str = Field(max_length=80, description="For instance `booking:12`; ids alone.")
    resident_id: int | None = refers_to("resident.id", optional=True, index=True)
    site_id: int | None = refers_to("site.id", optional=True, index=True)
    evidence: dict[str, object] = structured(description="Ids, days and amounts; no names.")
    found_at: datetime = instant()
    state: FindingState = chosen_from(FindingState, default=FindingState.OPEN)
    owner_id: int | None = refers_to("staff.id", optional=True)
    taken_at: datetime | None = instant(optional=True)
    due_on: date | None = None
    note: str | None = Field(default=None, max_length=400)
    settled_at: datetime | None = instant(optional=True)

"""What a provider looks at of a day: who is late, missed, outside, not confirmed, not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.homecare.visits import rules
from server.homecare.visits.models import VisitState
from server.places import ways
from server.policies.queries import get_figures

# After so long past its end a visit that was begun is told as not left.
FORGOTTEN_AFTER = timedelta(hours=2)


class Doubt(StrEnum):
    """Why somebody should look at a visit."""

    LATE = "late"  # 迟到
    MISSED = "missed"  # 未上门
    OUTSIDE = "outside"  # 打卡在范围外
    NOT_LEFT = "not_left"  # 没有记“走了”
    UNCONFIRMED = "unconfirmed"  # 老人未确认


@dataclass(frozen=True)
class Doubtful:
    """A visit with all that is to be looked at, and how far off its arrival was noted."""

    row: Row[Any]
    doubts: Sequence[Doubt]
    metres_off: int | None


@dataclass(frozen=True)
class Limits:
    """The figures in force, and the moment they are held against."""

    fence_m: int
    late: timedelta
    now: datetime


def get_limits(session: Session) -> Limits:
    """Return the limits of today; raises `RuleMissing`."""
    figures = get_figures(session, [rules.FENCE, rules.LATE], on=clock.today())
    late = timedelta(minutes=int(figures[rules.LATE].value))
    return Limits(int(figures[rules.FENCE].value), late, clock.now())


def list_doubtful(rows: Sequence[Row[Any]], limits: Limits) -> list[Doubtful]:
    """Return the visits of which something is to be looked at, in their order."""
    looked_at = [Doubtful(row, doubts_of(row, limits), metres_off(row)) for row in rows]
    return [one for one in looked_at if one.doubts]


def doubts_of(row: Row[Any], limits: Limits) -> list[Doubt]:
    """Return what is to be looked at of one visit, in the order of the day."""
    ends_at = row.starts_at + timedelta(minutes=row.minutes)
    off = metres_off(row)
    is_there = {
        Doubt.LATE: row.state == VisitState.PLANNED and row.starts_at + limits.late < limits.now,
        Doubt.MISSED: row.state == VisitState.MISSED,
        Doubt.OUTSIDE: off is not None and off > limits.fence_m,
        Doubt.NOT_LEFT: row.state == VisitState.UNDER_WAY
        and ends_at + FORGOTTEN_AFTER < limits.now,
        Doubt.UNCONFIRMED: row.state == VisitState.DONE and row.confirmed_by is None,
    }
    return [doubt for doubt, is_so in is_there.items() if is_so]


def metres_off(row: Row[Any]) -> int | None:
    """How far from the home the arrival was noted; None where either place is not known."""
    home = ways.place_of(row.home_x, row.home_y)
    return ways.distance_m(home, ways.place_of(row.arrived_x, row.arrived_y))

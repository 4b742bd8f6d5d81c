"""Runs as they are looked at: which there are, and how far each has come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, literal, or_, select, true
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.identity.models import Staff
from server.places.models import Division
from server.policies.programmes.models import PolicyVersion
from server.providers.models import Site
from server.subsidies.models import RunKind, RunStage, SubsidyRun, SubsidySlice
from server.subsidies.reckoning.service import UNFINISHED

RUN, SLICE = table_of(SubsidyRun), table_of(SubsidySlice)
MOST = 2_000
EVERYWHERE = true()


@dataclass(frozen=True)
class RunWanted:
    """Which runs are asked for; what is not named is left open."""

    programme: str | None = None
    stage: RunStage | None = None
    kind: RunKind | None = None
    month: date | None = None
    division: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run has come, of how many, and how fast by now."""

    stage: RunStage
    facts: int
    done: int
    slices: int
    per_second: float | None

    @property
    def is_unfinished(self) -> bool:
        return self.stage in UNFINISHED

    @property
    def share(self) -> int:
        """Hundredths that are done."""
        return 100 * self.done // self.facts if self.facts else 0


def runs_within(prefixes: Collection[str], site_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition on runs over a division that somebody's offices lie in or reach into,
    or over one in which a site of theirs stands."""
    over = RUN.c.division_code
    touching = (
        or_(over.startswith(prefix, autoescape=True), literal(prefix).startswith(over))
        for prefix in prefixes
    )
    stands = (
        select(col(Site.id))
        .where(col(Site.id).in_(site_ids), col(Site.division_code).startswith(over))
        .exists()
    )
    return or_(false(), *touching, stands)


def list_runs(
    session: Session, wanted: RunWanted, within: ColumnElement[bool] = EVERYWHERE
) -> Sequence[Row[Any]]:
    """Return runs, the newest first, with the words of their programme and division."""
    asked = _told().where(within).order_by(RUN.c.id.desc()).limit(MOST)
    for condition in _conditions(wanted):
        asked = asked.where(condition)
    return session.execute(asked).all()


def find_run(session: Session, run_id: int, within: ColumnElement[bool] = EVERYWHERE) -> Row[Any]:
    """Return one run as the list has it; raises `NotFound`, also where it is out of reach."""
    found = session.execute(_told().where(RUN.c.id == run_id, within)).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_unfinished(session: Session) -> Sequence[int]:
    """Return the runs that are to be gone on with, the oldest first."""
    asked = select(RUN.c.id).where(RUN.c.stage.in_(UNFINISHED)).order_by(RUN.c.made_at, RUN.c.id)
    return session.execute(asked).scalars().all()


def list_trials(session: Session, run_id: int) -> Sequence[Row[Any]]:
    """Return the trials that are held against a run, the newest first."""
    asked = _told().where(RUN.c.of_run_id == run_id, RUN.c.kind == RunKind.WHAT_IF)
    return session.execute(asked.order_by(RUN.c.id.desc()).limit(MOST)).all()


def list_programmes(session: Session) -> Sequence[Row[Any]]:
    """Return the programmes that have a version, by code, with their names."""
    name = func.max(_name("zh")), func.max(_name("en"))
    asked = select(col(PolicyVersion.programme), name[0].label("zh"), name[1].label("en"))
    asked = asked.group_by(col(PolicyVersion.programme)).order_by(col(PolicyVersion.programme))
    return session.execute(asked).all()


def find_progress(session: Session, run_id: int) -> Progress:
    """Return how far a run has come; raises `NotFound`."""
    row = session.execute(
        select(
            RUN.c.stage, RUN.c.facts, func.coalesce(func.sum(SLICE.c.lines), 0).label("done"),
            func.count(SLICE.c.number).label("slices"), func.min(SLICE.c.done_at).label("first"),
            func.max(SLICE.c.done_at).label("last"), func.min(SLICE.c.lines).label("least"),
        )
        .outerjoin(SLICE, SLICE.c.run_id == RUN.c.id)
        .where(RUN.c.id == run_id).group_by(RUN.c.id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    return Progress(row.stage, row.facts, row.done, row.slices, _speed(row))


def _speed(row: Row[Any]) -> float | None:
    """Return lines a second since the first slice was done; one slice alone tells nothing."""
    if row.slices < 2 or not (took := _seconds(row.first, row.last)):
        return None
    return float(row.done - row.done / row.slices) / took


def _seconds(first: datetime, last: datetime) -> float:
    return (last - first).total_seconds()


def _told() -> Select[Any]:
    return (
        select(
            RUN, _name("zh").label("name_zh"), _name("en").label("name_en"),
            col(Division.name).label("division_name"),
            col(Staff.display_name).label("made_by_name"),
        )
        .join_from(RUN, PolicyVersion, col(PolicyVersion.id) == RUN.c.version_id)
        .outerjoin(Division, col(Division.code) == RUN.c.division_code)
        .outerjoin(Staff, col(Staff.id) == RUN.c.made_by)
    )  # fmt: skip


def _name(language: str) -> Any:
    content = table_of(PolicyVersion).c.content
    return content["name"][language].astext


def _conditions(wanted: RunWanted) -> list[Any]:
    plain = {"programme": wanted.programme, "stage": wanted.stage, "kind": wanted.kind}
    found = [RUN.c[name] == value for name, value in plain.items() if value is not None]
    if wanted.month is not None:
        ends = RUN.c.first_month + func.make_interval(0, RUN.c.months)
        found.append((RUN.c.first_month <= wanted.month) & (ends > wanted.month))
    if wanted.division is not None:
        found.append(RUN.c.division_code.startswith(wanted.division, autoescape=True))
    return found

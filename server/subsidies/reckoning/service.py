"""Runs, from their start to the end of their reckoning; whoever is stopped is gone on with.

Each step is a transaction: freezing the cases, one slice, the end. A run is locked for a step, so
that two at work on one run do one after the other, and none is done twice.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import broken_constraint, refusing
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.places.queries import get_division
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.subsidies.models import RunKind, RunStage, SubsidyRun, SubsidySlice
from server.subsidies.reckoning.before import Seen, caps_over
from server.subsidies.reckoning.errors import (
    PaidMeanwhile,
    PeriodNotOver,
    ProgrammeIsOff,
    RunHasCorrections,
    RunNotSo,
    RunOverlaps,
)
from server.subsidies.reckoning.figures import programme_of
from server.subsidies.reckoning.gathering import copy_cases, freeze_cases, require_source
from server.subsidies.reckoning.months import month_after
from server.subsidies.reckoning.patience import PATIENT, be_patient, count_runs_anew
from server.subsidies.reckoning.slices import (
    corrected_families,
    families_by_code,
    find_overlapping,
    find_progress,
    last_of_slice,
    pays_meanwhile,
)
from server.subsidies.reckoning.statement import Asked, insert_lines
from server.subsidies.reckoning.versions import version_for

SLICE = 50_000
ONCE_A_MONTH = "uq_subsidy_line_once_a_month"
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
# Runs of a family are reckoned beside one another, but not while one of them is put right.
BESIDE_OTHERS = text(
    "SELECT pg_try_advisory_xact_lock_shared(hashtextextended('subsidy_family', :family))"
)
FINISH = text("SELECT finish_run(:run, :at)")
UNFINISHED = (RunStage.GATHERING, RunStage.COMPUTING)
DISCARDABLE = (
    RunStage.GATHERING, RunStage.COMPUTING, RunStage.COMPUTED, RunStage.IN_APPROVAL,
    RunStage.APPROVED, RunStage.IN_NOTICE, RunStage.PAYABLE,
)  # fmt: skip


class _PutRight(Exception):
    """A run of the family is put right just now; the slice waits for its turn."""


@dataclass(frozen=True)
class Wanted:
    """What a run is to be over."""

    programme: str
    first_month: date
    months: int
    division_code: str

    @property
    def until(self) -> date:
        """The first day after the run's months."""
        return month_after(self.first_month, self.months)


def start_run(session: Session, wanted: Wanted) -> SubsidyRun:
    """Begin a run; its cases are frozen and reckoned by `go_on`, in steps."""
    get_division(session, wanted.division_code)
    if wanted.until > clock.today():
        raise PeriodNotOver(until=str(wanted.until))
    version = version_for(session, wanted.programme, wanted.first_month, wanted.until)
    programme = programme_of(version.content)
    if not programme.is_on:
        raise ProgrammeIsOff(programme=wanted.programme)
    require_source(session, programme.facts)
    session.connection().execute(ONE_AT_A_TIME, {"name": f"subsidy {wanted.programme}"})
    _refuse_overlapping(session, wanted)
    return _added(session, version, wanted)


def start_trial(
    session: Session,
    of_run_id: int,
    changes: dict[str, Any],
    *,
    version_id: int | None = None,
) -> SubsidyRun:
    """Begin a what-if run on the cases another run froze, with figures changed by their place.

    Its version is that of the other run, or the one that is named. Nobody is kept away by it.
    """
    run = get_run(session, of_run_id)
    if run.stage in UNFINISHED or run.facts_digest is None or run.kind is RunKind.DIFFERENCE:
        raise RunNotSo(run=of_run_id, stage=run.stage.value)
    version = session.get_one(PolicyVersion, version_id or run.version_id)
    if version.programme != run.programme:
        raise NotFound
    programme_of(version.content, changes)
    wanted = Wanted(run.programme, run.first_month, run.months, run.division_code)
    given = {"kind": RunKind.WHAT_IF, "of_run_id": run.id, "changes": changes}
    return _added(session, version, wanted, **given)


def go_on(session: Session, run_id: int, *, slice_size: int = SLICE) -> bool:
    """Do the next step of a run; False where it is done, or another is at it just now."""
    run = session.exec(
        select(SubsidyRun)
        .where(SubsidyRun.id == run_id, col(SubsidyRun.stage).in_(UNFINISHED))
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if run is None:
        return False
    be_patient(session)
    version = session.get_one(PolicyVersion, run.version_id)
    programme = programme_of(version.content, run.changes)
    if run.stage is RunStage.GATHERING:
        _gather(session, run, programme)
        return True
    return _reckon_slice(session, run, programme, slice_size)


def discard(session: Session, run_id: int, *, words: str) -> SubsidyRun:
    """Let a run go, with the reason; from then on its lines keep nobody away.

    Raises `RunNotSo`, and `RunHasCorrections` while a difference run of it stands.
    """
    run = get_run(session, run_id, locked=True)
    if run.stage not in DISCARDABLE:
        raise RunNotSo(run=run_id, stage=run.stage.value)
    be_patient(session)
    broken = {
        "ck_subsidy_run_has_no_correction": RunHasCorrections(),
        "ck_subsidy_run_not_paid": RunNotSo(run=run_id, stage=run.stage.value),
    }
    with refusing(session, broken):
        run.stage, run.words = RunStage.DISCARDED, words
        run.discarded_at, run.discarded_by = clock.now(), actor_of(session).staff_id
    return run


def get_run(session: Session, run_id: int, *, locked: bool = False) -> SubsidyRun:
    """Return a run; raises `NotFound`."""
    asked = select(SubsidyRun).where(SubsidyRun.id == run_id)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    run = session.exec(asked).one_or_none()
    if run is None:
        raise NotFound
    return run


def _refuse_overlapping(session: Session, wanted: Wanted) -> None:
    other = find_overlapping(
        session, wanted.programme, wanted.first_month, wanted.until, wanted.division_code
    )
    if other is not None:
        raise RunOverlaps(run=other)


def _added(
    session: Session, version: PolicyVersion, wanted: Wanted, **given: Any
) -> SubsidyRun:  # fmt: skip
    values: dict[str, Any] = {"kind": RunKind.REGULAR, "changes": {}} | given
    assert version.id is not None, "a version that is read has its number"
    run = SubsidyRun(
        programme=wanted.programme, version_id=version.id, family_no=version.family_no,
        division_code=wanted.division_code, first_month=wanted.first_month, months=wanted.months,
        stage=RunStage.GATHERING, made_at=clock.now(), made_by=actor_of(session).staff_id, **values,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def _gather(session: Session, run: SubsidyRun, programme: Programme) -> None:
    if run.kind is RunKind.WHAT_IF and run.of_run_id is not None:
        run.facts = copy_cases(session, run, run.of_run_id)
    else:
        run.facts = freeze_cases(session, run, programme)
    run.stage = RunStage.COMPUTING
    session.flush()


def _reckon_slice(session: Session, run: SubsidyRun, programme: Programme, slice_size: int) -> bool:
    assert run.id is not None, "a run that is read has its number"
    done = find_progress(session, run.id)
    if done.last_no == run.facts:
        session.connection().execute(FINISH, {"run": run.id, "at": clock.now()})
        session.refresh(run)
        count_runs_anew(session, run.facts)
        return False
    first_no = done.last_no + 1
    last_no = last_of_slice(session, run, programme, first_no, slice_size)
    try:
        seen = _seen(session, run, programme, was_cut=done.was_cut)
    except _PutRight:
        return False
    _write_lines(session, run, programme, seen, (first_no, last_no))
    session.connection().execute(
        insert(table_of(SubsidySlice)).values(
            run_id=run.id, number=done.slices + 1, first_no=first_no, last_no=last_no, lines=0,
            refused=0, total_fen=0, facts_digest=b"", lines_digest=b"", done_at=clock.now(),
        ),
        execution_options=PATIENT,
    )  # fmt: skip
    return True


def _seen(session: Session, run: SubsidyRun, programme: Programme, *, was_cut: bool) -> Seen:
    """Say what counts as paid before; families that are looked at wait for one another.

    Raises `_PutRight` while a run of one of them is put right.
    """
    assert run.id is not None, "a run that is read has its number"
    numbers = families_by_code(session, programme)
    for number in sorted({run.family_no, *numbers.values()}):
        if not session.connection().execute(BESIDE_OTHERS, {"family": number}).scalar():
            raise _PutRight
    if programme.excludes or caps_over(programme):
        for number in sorted({run.family_no, *numbers.values()}):
            session.connection().execute(ONE_AT_A_TIME, {"name": f"subsidy family {number}"})
    until = run.of_run_id if run.kind is RunKind.WHAT_IF else None
    looks = was_cut or pays_meanwhile(session, run, until)
    corrected = corrected_families(session, run, {run.family_no, *numbers.values()})
    return Seen(run.id, run.family_no, numbers, until, looks, corrected)


def _write_lines(
    session: Session, run: SubsidyRun, programme: Programme, seen: Seen, numbers: tuple[int, int]
) -> None:
    """Where somebody was paid of the family meanwhile, it is looked at and done again."""
    holds = 0 if run.kind is RunKind.REGULAR else seen.own
    between = {"first_no": numbers[0], "last_no": numbers[1]}
    for tried in (seen, replace(seen, looks_at_own=True)):
        statement = insert_lines(Asked(programme, tried, holds))
        try:
            with session.begin_nested():
                session.connection().execute(statement, between, execution_options=PATIENT)
            return
        except IntegrityError as error:
            if broken_constraint(error) != ONCE_A_MONTH:
                raise
    raise PaidMeanwhile(run=run.id)

"""Look for what is to be put right, and put it right in a run of its own."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlmodel import Session, col

from server import clock
from server.caregivers.allowances.days import months_after
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.subsidies.differences.comparing import Difference, compare, find_versions
from server.subsidies.differences.errors import NothingToCorrect, RunNotCorrectable
from server.subsidies.differences.models import SubsidyDifference
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.reckoning.patience import PATIENT, be_patient

LOOK_BACK_MONTHS = 36
A_BATCH = 5_000
A_SLICE = 50_000
STANDS = (
    RunStage.COMPUTED, RunStage.IN_APPROVAL, RunStage.APPROVED, RunStage.IN_NOTICE,
    RunStage.PAYABLE, RunStage.IN_PAYMENT, RunStage.PAID,
)  # fmt: skip
WAITING = table_of(SubsidyDifference)
HOLD_FAMILY = text("SELECT pg_advisory_xact_lock(hashtextextended('subsidy_family', :family))")
PUT_FACTS = text(
    """
    INSERT INTO subsidy_fact (run_id, number, beneficiary_id, resident_id, caregiver_id, site_id,
                              month, part, on_day, subject, facts)
    SELECT :made, row_number() OVER (ORDER BY beneficiary_id, month, part), beneficiary_id,
           resident_id, caregiver_id, site_id, month, part, on_day, subject, facts
      FROM subsidy_difference WHERE of_run_id = :run
    """
)
PUT_LINES = text(
    """
    INSERT INTO subsidy_line (run_id, number, family_no, beneficiary_id, resident_id, caregiver_id,
                              site_id, month, part, outcome, amount_fen, trace, holds, of_run_id,
                              of_number)
    SELECT :made, row_number() OVER (ORDER BY beneficiary_id, month, part), :family,
           beneficiary_id, resident_id, caregiver_id, site_id, month, part, 'due',
           now_fen - before_fen, trace || jsonb_build_object('kind', kind), :made, of_run_id,
           of_number
      FROM subsidy_difference WHERE of_run_id = :run
    """
)
PUT_SLICES = text(
    """
    INSERT INTO subsidy_slice (run_id, number, first_no, last_no, lines, refused, total_fen,
                               facts_digest, lines_digest, done_at)
    SELECT :made, n, (n - 1) * :size + 1, least(n * :size, :number), 0, 0, 0, '', '', :at
      FROM generate_series(1, (:number + :size - 1) / :size) AS n
    """
)


def list_runs_to_look_at(session: Session) -> list[int]:
    """Return the regular runs that stand, of the last three years, the earliest month first."""
    since = months_after(clock.today().replace(day=1), -LOOK_BACK_MONTHS)
    query = (
        select(col(SubsidyRun.id))
        .where(
            col(SubsidyRun.kind) == RunKind.REGULAR,
            col(SubsidyRun.stage).in_(STANDS),
            col(SubsidyRun.first_month) >= since,
        )
        .order_by(col(SubsidyRun.first_month), col(SubsidyRun.id))
    )
    return [int(one) for one in session.execute(query).scalars() if one is not None]


def look(session: Session, run_id: int) -> int:
    """Find anew what of the run is to be put right; returns how many cases wait.

    All that is known counts, also what lies beyond the actor's own reach: whoever lives in another
    county, or was paid there. Raises `NotFound`, and `RunNotCorrectable` for a run that is not a
    regular one that stands.
    """
    run = _hold(session, run_id)
    with reaching_everywhere(session):
        return _look(session, run)


def start(session: Session, run_id: int) -> SubsidyRun:
    """Make the difference run of all that is found now; it goes on as any run does.

    Raises `NothingToCorrect`, and what `look` raises. Who comes second finds nothing left.
    """
    run = _hold(session, run_id)
    with reaching_everywhere(session):
        return _start(session, run)


def _start(session: Session, run: SubsidyRun) -> SubsidyRun:
    number = _look(session, run)
    if not number:
        raise NothingToCorrect(run=run.id)
    made = _begin(session, run)
    named = {"made": made.id, "run": run.id, "family": run.family_no}
    session.execute(PUT_FACTS, named, execution_options=PATIENT)
    _compute(session, made, number)
    session.execute(PUT_LINES, named, execution_options=PATIENT)
    cut = {"made": made.id, "number": number, "size": A_SLICE, "at": clock.now()}
    session.execute(PUT_SLICES, cut, execution_options=PATIENT)
    session.execute(select(func.finish_run(made.id, clock.now())))
    session.execute(delete(WAITING).where(WAITING.c.of_run_id == run.id))
    session.refresh(made)
    return made


def _hold(session: Session, run_id: int) -> SubsidyRun:
    """Return the run; nobody else puts a run of its family right until the transaction ends."""
    run = session.get(SubsidyRun, run_id)
    if run is None:
        raise NotFound
    be_patient(session)
    session.execute(HOLD_FAMILY, {"family": run.family_no})
    session.refresh(run)
    if run.kind is not RunKind.REGULAR or run.stage not in STANDS:
        raise RunNotCorrectable(stage=run.stage.value)
    return run


def _look(session: Session, run: SubsidyRun) -> int:
    session.execute(delete(WAITING).where(WAITING.c.of_run_id == run.id))
    found, now = 0, clock.now()
    values = _values(session, run)
    while batch := list(islice(values, A_BATCH)):
        session.execute(insert(WAITING), [{**one, "found_at": now} for one in batch])
        found += len(batch)
    return found


def _values(session: Session, run: SubsidyRun) -> Iterator[Mapping[str, Any]]:
    for one in compare(session, run):
        yield {"of_run_id": run.id, **_told(one)}


def _told(one: Difference) -> dict[str, Any]:
    case = one.case
    return {
        "of_number": case.number, "version_id": one.version_id,
        "beneficiary_id": case.beneficiary_id, "resident_id": case.resident_id,
        "caregiver_id": case.caregiver_id, "site_id": case.site_id, "month": case.month,
        "part": case.part, "on_day": case.on_day, "subject": case.subject, "kind": one.kind,
        "before_fen": one.before_fen, "now_fen": one.now_fen, "facts": dict(one.facts),
        "trace": dict(one.trace),
    }  # fmt: skip


def _begin(session: Session, run: SubsidyRun) -> SubsidyRun:
    now = find_versions(session, run).get(run.first_month)
    made = SubsidyRun(
        programme=run.programme, version_id=now.version_id if now else run.version_id,
        family_no=run.family_no, kind=RunKind.DIFFERENCE, of_run_id=run.id,
        division_code=run.division_code, first_month=run.first_month, months=run.months,
        stage=RunStage.GATHERING, changes={}, made_at=clock.now(),
        made_by=actor_of(session).staff_id,
    )  # fmt: skip
    gone = RunNotCorrectable(stage=RunStage.DISCARDED.value)
    with refusing(session, {"ck_subsidy_run_has_no_correction": gone}):
        session.add(made)
    return made


def _compute(session: Session, made: SubsidyRun, number: int) -> None:
    runs = table_of(SubsidyRun)
    session.execute(
        update(runs).where(runs.c.id == made.id).values(stage=RunStage.COMPUTING, facts=number)
    )

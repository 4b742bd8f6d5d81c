"""Hold runs of subsidies against the checks, and say which findings keep a run from approval."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, text, update
from sqlmodel import Session, col

from server import clock
from server.caregivers.models import PAYEE_FIELD, Caregiver
from server.db.sessions import reaching_everywhere
from server.db.tables import table_of
from server.findings import checking
from server.findings.checking import Check
from server.findings.models import Finding, FindingKind, FindingState
from server.findings.service import Suspicion, withdraw_findings
from server.policies.queries import get_figures
from server.residents.facts.models import ACCOUNT_FIELD
from server.secrets.fields import keyring
from server.subsidies.checks.checks import BLOCKING, CHECKS, KEYS
from server.subsidies.checks.models import FindingLine
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.reckoning.patience import be_patient

LOOK_BACK_DAYS = 400
UNFINISHED = (RunStage.GATHERING, RunStage.COMPUTING)

# Only what is new has no line yet: a finding's evidence stays as it was found.
NOTE_LINES = text("""
    INSERT INTO finding_line (finding_id, run_id, number)
    SELECT f.id, (l.line ->> 0)::bigint, (l.line ->> 1)::int
      FROM finding f CROSS JOIN LATERAL jsonb_array_elements(f.evidence -> 'lines') AS l(line)
     WHERE f.kind = ANY (CAST(:kinds AS text[])) AND f.found_at >= :since
    ON CONFLICT DO NOTHING
""")


def check_runs(
    session: Session, run_ids: Sequence[int], *, checks: Sequence[Check] = CHECKS
) -> Mapping[FindingKind, int]:
    """Run these checks over these runs; returns how many new findings each kind has."""
    began = clock.now()
    be_patient(session)
    found = checking.check_all(session, checks, _values(session, run_ids))
    kinds = [kind.value for kind, number in found.items() if number]
    if kinds:
        session.execute(NOTE_LINES, {"kinds": kinds, "since": began})
    if checks is CHECKS:
        runs = table_of(SubsidyRun)
        noted = update(runs).where(runs.c.id.in_(run_ids), _is_reckoned(runs))
        session.execute(noted.values(cross_checked_at=began))
    return found


def check_once(session: Session, run_id: int) -> bool:
    """Hold a run against the checks where it is reckoned and nobody has; True where that was so.

    Whoever reckoned it, by whatever way, nobody decides on it before.
    """
    runs = table_of(SubsidyRun)
    asked = select(runs.c.id).where(runs.c.id == run_id, _is_reckoned(runs), _is_unchecked(runs))
    if session.execute(asked).scalar() is None:
        return False
    with reaching_everywhere(session):
        check_runs(session, [run_id])
    return True


def list_unchecked(session: Session) -> Sequence[int]:
    """Return regular runs that are reckoned and were never held against the checks."""
    runs = table_of(SubsidyRun)
    asked = select(runs.c.id).where(_is_reckoned(runs), _is_unchecked(runs))
    return session.execute(asked.order_by(runs.c.id)).scalars().all()


def check_lately(session: Session) -> int:
    """Run every check over the runs of the last year, and withdraw what a discarded run left.

    Facts are told late: a run that was right may be found out months after it.
    """
    _withdraw_of_discarded(session)
    runs = session.execute(
        select(col(SubsidyRun.id)).where(
            col(SubsidyRun.kind) == RunKind.REGULAR,
            col(SubsidyRun.stage).not_in((*UNFINISHED, RunStage.DISCARDED)),
            col(SubsidyRun.made_at) >= clock.now() - timedelta(days=LOOK_BACK_DAYS),
        )
    )
    return sum(check_runs(session, runs.scalars().all()).values())


def find(session: Session, check: Check, run_ids: Sequence[int]) -> Sequence[Suspicion]:
    """Return what one check finds, without putting it down."""
    return checking.find(session, check, _values(session, run_ids))


def blocking_findings(session: Session, run_id: int) -> Sequence[Row[Any]]:
    """Return (id, kind) of what keeps a run from being approved: looked into by nobody yet, or
    true and nothing done about it, and about a line that is not held out."""
    finding, line = table_of(Finding), table_of(FindingLine)
    about = select(line.c.finding_id).where(
        line.c.run_id == run_id, ~func.is_held_out(line.c.run_id, line.c.number)
    )
    return session.execute(
        select(finding.c.id, finding.c.kind)
        .where(
            finding.c.id.in_(about),
            finding.c.kind.in_(sorted(BLOCKING)),
            finding.c.state.in_((FindingState.OPEN, FindingState.TRUE)),
        )
        .order_by(finding.c.id)
    ).all()


def _withdraw_of_discarded(session: Session) -> None:
    finding, line, run = table_of(Finding), table_of(FindingLine), table_of(SubsidyRun)
    gone = (
        select(finding.c.id)
        .join(line, line.c.finding_id == finding.c.id)
        .join(run, run.c.id == line.c.run_id)
        .where(finding.c.state == FindingState.OPEN)
        .group_by(finding.c.id)
        .having(func.bool_and(run.c.stage == RunStage.DISCARDED))
    )
    withdraw_findings(session, session.execute(gone).scalars().all())


def figures_today(session: Session) -> dict[str, Any]:
    """Return the figures that checks run with today, by name."""
    found = get_figures(session, sorted(set(KEYS.values())), on=clock.today())
    return {name: found[key].value for name, key in KEYS.items()}


def _is_reckoned(runs: Any) -> ColumnElement[bool]:
    is_reckoned: ColumnElement[bool] = runs.c.stage.not_in((*UNFINISHED, RunStage.DISCARDED))
    return is_reckoned


def _is_unchecked(runs: Any) -> ColumnElement[bool]:
    return and_(runs.c.kind == RunKind.REGULAR, runs.c.cross_checked_at.is_(None))


def _values(session: Session, run_ids: Sequence[int]) -> dict[str, Any]:
    return figures_today(session) | {"runs": list(run_ids)} | _accounts_of_staff(session)


def _accounts_of_staff(session: Session) -> dict[str, Any]:
    """Accounts of care workers as an elder's would be digested, so that the two compare."""
    rows = session.execute(
        select(col(Caregiver.id), col(Caregiver.payee_cipher)).where(
            col(Caregiver.payee_cipher).is_not(None)
        )
    ).all()
    keys = keyring()
    plain = [keys.decrypt(bytes(row.payee_cipher), PAYEE_FIELD) for row in rows]
    return {
        "staff_digests": [keys.digest(one, ACCOUNT_FIELD) for one in plain],
        "staff_numbers": [row.id for row in rows],
    }

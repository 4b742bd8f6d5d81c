"""The auditor's desk of the demo: findings in every state, a drawn sample, what is owed."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from infra.demo.subsidies import in_name_of
from server import clock
from server.findings.service import (
    close_finding,
    recover_by_finding,
    settle_finding,
    take_finding,
)
from server.subsidies.budgets.queries import budgets_of_runs
from server.subsidies.checks.checks import BY_KIND
from server.subsidies.checks.service import check_runs
from server.subsidies.payments.making import make_batch
from server.subsidies.recoveries.settling import ask_deferment, receive
from server.subsidies.samples.service import bind, draw, enter_result, list_drawn

SEED, SIZE, BANDS, LOOKED_AT = "晋城市2026年第一次抽查", 12, 3, 8
DUE, PUT_OFF = timedelta(days=20), timedelta(days=60)
RECEIPT, HARD_UP = "SK-0001", "机构本月资金周转紧张，申请分期退回"
OWED = text("SELECT id, amount_fen FROM subsidy_recovery ORDER BY id LIMIT 1")
# What became of the findings, one after the other; the fourth is true and waits.
STAYS_OPEN, IS_TAKEN, IS_FALSE, IS_RECOVERED, IS_CLOSED = 0, 1, 2, 4, 5
IS_THERE = text("SELECT EXISTS (SELECT 1 FROM audit_sample)")
PAID = text(
    "SELECT id FROM subsidy_run WHERE stage = 'paid' AND kind = 'regular' ORDER BY id LIMIT 1"
)
TAKES_BACK = text(
    "SELECT id FROM subsidy_run WHERE stage = 'payable' AND kind = 'difference' AND total_fen < 0"
    " ORDER BY id LIMIT 1"
)
OPEN = text(
    "SELECT id FROM finding WHERE state = 'open' AND kind = ANY(:kinds) ORDER BY id DESC LIMIT 6"
)
# What was told late of three caregivers who were found entitled, none of whom signs in: a
# certificate was annulled, too many days at work were filed, and the employer had not insured.
PAID_CAREGIVERS = text(
    "SELECT DISTINCT caregiver_id FROM subsidy_line WHERE outcome = 'due' AND amount_fen > 0"
    " AND caregiver_id IN (SELECT id FROM caregiver WHERE account_id IS NULL)"
    " ORDER BY caregiver_id LIMIT 3"
)
TOLD_LATE = (
    text("UPDATE skill_certificate SET annulled_on = issued_on WHERE caregiver_id = :who"),
    text("UPDATE attendance_month SET days = 12 WHERE caregiver_id = :who"),
    text(
        "UPDATE employment_contract SET insurance_payer = 'nobody' WHERE employment_id IN"
        " (SELECT id FROM employment WHERE caregiver_id = :who)"
    ),
)
RUNS = text("SELECT id FROM subsidy_run WHERE kind = 'regular' ORDER BY id")


def is_desk_there(session: Session) -> bool:
    """True once a sample was drawn, and where nothing was paid to draw from."""
    connection = session.connection()
    is_drawn = bool(connection.execute(IS_THERE).scalar_one())
    return is_drawn or connection.execute(PAID).scalar() is None


def put_desk(session: Session) -> int:
    """Let what is owed be owed, draw a sample, look into findings; returns how many."""
    run_id = session.connection().execute(PAID).scalar_one()
    _take_back(session)
    _settle_some(session)
    _draw(session, run_id)
    _tell_late(session)
    kinds = [kind.value for kind in BY_KIND]
    found = session.connection().execute(OPEN, {"kinds": kinds}).all()
    with in_name_of(session, "auditor"):
        for place, row in enumerate(found):
            _look_into(session, row.id, place)
    return len(found)


def _tell_late(session: Session) -> None:
    """What the registers learned since the runs, and what the nightly checks make of it."""
    who = session.connection().execute(PAID_CAREGIVERS).scalars().all()
    for caregiver_id, statement in zip(who, TOLD_LATE, strict=False):
        session.connection().execute(statement, {"who": caregiver_id})
    check_runs(session, session.connection().execute(RUNS).scalars().all())


def _take_back(session: Session) -> None:
    run_id = session.connection().execute(TAKES_BACK).scalar()
    if run_id is None:
        return
    budget = budgets_of_runs(session, [run_id], year=clock.today().year).get(run_id)
    if budget is not None:
        with in_name_of(session, "cashier"):
            make_batch(session, budget_id=budget, run_ids=[run_id])


def _settle_some(session: Session) -> None:
    """Half of what is owed came back by transfer, and for the rest some time is asked."""
    owed = session.connection().execute(OWED).one_or_none()
    if owed is None:
        return
    today = clock.today()
    with in_name_of(session, "cashier"):
        receive(session, owed.id, fen=owed.amount_fen // 2, receipt=RECEIPT, on_day=today)
    with in_name_of(session, "city"):
        ask_deferment(session, owed.id, until=today + PUT_OFF, words=HARD_UP)


def _draw(session: Session, run_id: int) -> None:
    """Twelve lines by a seed; two people looked at most of them, and one was too high."""
    with in_name_of(session, "auditor"):
        sample_id = bind(session, run_id, size=SIZE, bands=BANDS, seed=SEED).id
        assert sample_id is not None, "a flushed row has its key"
        draw(session, sample_id, seed=SEED)
    drawn = list_drawn(session, sample_id)[:LOOKED_AT]
    for place, line in enumerate(drawn):
        right_fen = line.amount_fen - (10_000 if place == 0 else 0)
        words = "能力等级应为中度" if place == 0 else "与台账、合同一致"
        for name in ("auditor", "city"):
            with in_name_of(session, name):
                enter_result(session, sample_id, line.number, right_fen=right_fen, words=words)


def _look_into(session: Session, finding_id: int, place: int) -> None:
    """The first stays open; each one after it is a step further."""
    if place == STAYS_OPEN:
        return
    take_finding(session, finding_id, due_on=clock.today() + DUE)
    if place == IS_TAKEN:
        return
    is_true = place != IS_FALSE
    note = "经核实属实" if is_true else "核对原始凭证，无误"
    settle_finding(session, finding_id, is_true=is_true, note=note)
    if place in (IS_RECOVERED, IS_CLOSED):
        recover_by_finding(session, finding_id, fen=10_000, note="通知机构退回")
    if place == IS_CLOSED:
        close_finding(session, finding_id, note="已退回并入账")

"""Raise and lower a budget by a document, asked by one person and decided by another."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.subsidies.budgets.errors import BudgetInUse
from server.subsidies.budgets.holding import hold_asked
from server.subsidies.budgets.models import ChangeState, SubsidyBudget, SubsidyBudgetChange
from server.subsidies.errors import NeedsAnotherPerson


def ask_change(
    session: Session,
    *,
    line: str,
    year: int,
    division_code: str,
    delta_fen: int,
    document: str,
    holds_on: date,
    words: str = "",
) -> SubsidyBudgetChange:
    """Ask that a budget be raised or lowered; it counts once another person accepts it."""
    asked = SubsidyBudgetChange(
        budget_id=_opened(session, line, year, division_code),
        delta_fen=delta_fen,
        document=document.strip(),
        holds_on=holds_on,
        words=words.strip(),
        state=ChangeState.ASKED,
        asked_at=clock.now(),
        asked_by=actor_of(session).staff_id,
    )
    session.add(asked)
    session.flush()
    return asked


def decide_change(
    session: Session, change_id: int, *, is_right: bool, answer: str = ""
) -> SubsidyBudgetChange:
    """Accept or refuse a change, once.

    Raises `AlreadyDecided`, `NeedsAnotherPerson`, `BudgetInUse`, `NotFound`.
    """
    change = hold_asked(session, SubsidyBudgetChange, change_id)
    broken = {
        "ck_subsidy_budget_never_over": BudgetInUse(),
        "ck_subsidy_budget_change_not_decided_by_its_asker": NeedsAnotherPerson(),
    }
    with refusing(session, broken):
        change.state = ChangeState.ACCEPTED if is_right else ChangeState.REFUSED
        change.answer = answer.strip()
        change.decided_at, change.decided_by = clock.now(), actor_of(session).staff_id
    return change


def _opened(session: Session, line: str, year: int, division_code: str) -> int:
    """Return the number of a budget, opened with nothing where there is none."""
    named = {"line": line.strip(), "year": year, "division_code": division_code}
    opened = upsert(table_of(SubsidyBudget)).values(**named).on_conflict_do_nothing()
    session.connection().execute(opened.inline())
    table = table_of(SubsidyBudget)
    where = (table.c[name] == value for name, value in named.items())
    return int(session.execute(select(table.c.id).where(*where)).scalar_one())

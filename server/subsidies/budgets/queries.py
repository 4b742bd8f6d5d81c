"""Budgets with what is used of them, and which one a run draws on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, func, or_, select, text
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.places.models import Division
from server.subsidies.budgets.models import SubsidyBudget, SubsidyBudgetChange

BUDGET, CHANGE = table_of(SubsidyBudget), table_of(SubsidyBudgetChange)
# A budget of the run's own division before one of a division above it.
OF_RUNS = text(
    """
    SELECT r.id AS run_id, b.id AS budget_id
      FROM subsidy_run r
      JOIN policy_version v ON v.id = r.version_id
      CROSS JOIN LATERAL (
          SELECT id FROM subsidy_budget
           WHERE year = :year AND line = v.content ->> 'budget_line'
             AND starts_with(r.division_code, division_code)
           ORDER BY length(division_code) DESC LIMIT 1) b
     WHERE r.id = ANY(:runs)
    """
)
# Months that runs have been paid for out of each budget.
MONTHS_PAID = text(
    """
    SELECT b.id AS budget_id, count(DISTINCT m.month) AS months
      FROM subsidy_budget b
      JOIN policy_version v ON v.content ->> 'budget_line' = b.line
      JOIN subsidy_run r ON r.version_id = v.id AND r.stage IN ('in_payment', 'paid')
           AND r.kind = 'regular'
      CROSS JOIN LATERAL generate_series(
          r.first_month, r.first_month + make_interval(months => r.months - 1),
          interval '1 month') AS m(month)
     WHERE b.id = ANY(:budgets) AND EXISTS (
           SELECT 1 FROM subsidy_payment_line l
             JOIN subsidy_payment p ON p.id = l.payment_id
             JOIN subsidy_batch t ON t.id = p.batch_id
            WHERE l.run_id = r.id AND l.is_live AND t.budget_id = b.id)
     GROUP BY b.id
    """
)


def budgets_of_runs(session: Session, run_ids: Sequence[int], *, year: int) -> dict[int, int]:
    """Return run → the budget that it draws on in a year; runs without one are left out."""
    asked = {"runs": list(run_ids), "year": year}
    rows = session.connection().execute(OF_RUNS, asked)
    return {row.run_id: row.budget_id for row in rows}


def list_budgets(
    session: Session, prefixes: Sequence[str], *, year: int | None = None, line: str | None = None
) -> Sequence[Row[Any]]:
    """Return budgets under these divisions, with how many changes wait for a decision."""
    waiting = (
        select(func.count())
        .where(CHANGE.c.budget_id == BUDGET.c.id, CHANGE.c.state == "asked")
        .scalar_subquery()
    )
    query = select(*BUDGET.c, waiting.label("waiting"), _division()).where(_under(prefixes))
    if year is not None:
        query = query.where(BUDGET.c.year == year)
    if line is not None:
        query = query.where(BUDGET.c.line == line)
    order = (BUDGET.c.year.desc(), BUDGET.c.line, BUDGET.c.division_code)
    return session.execute(query.order_by(*order)).all()


def months_paid(session: Session, budget_ids: Sequence[int]) -> dict[int, int]:
    """Return budget → how many months have been paid for out of it."""
    rows = session.connection().execute(MONTHS_PAID, {"budgets": list(budget_ids)})
    return {row.budget_id: row.months for row in rows}


def get_budget(session: Session, prefixes: Sequence[str], budget_id: int) -> Row[Any]:
    """Return one under these divisions; raises `NotFound`."""
    query = select(*BUDGET.c, _division()).where(BUDGET.c.id == budget_id, _under(prefixes))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def get_change(session: Session, prefixes: Sequence[str], change_id: int) -> Row[Any]:
    """Return a change of a budget under these divisions; raises `NotFound`."""
    query = select(*CHANGE.c).join(BUDGET, BUDGET.c.id == CHANGE.c.budget_id)
    row = session.execute(query.where(CHANGE.c.id == change_id, _under(prefixes))).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_changes(session: Session, budget_id: int) -> Sequence[Row[Any]]:
    """Return every change of a budget with who asked and who decided, the latest first."""
    names = (
        func.name_of_staff(CHANGE.c[column], type_=Text).label(label)
        for column, label in (("asked_by", "asker"), ("decided_by", "decider"))
    )
    query = select(*CHANGE.c, *names).where(CHANGE.c.budget_id == budget_id)
    return session.execute(query.order_by(CHANGE.c.id.desc())).all()


def list_lines(session: Session) -> Sequence[str]:
    """Return every budget line that a programme names, or a budget has."""
    query = text(
        "SELECT DISTINCT content ->> 'budget_line' AS line FROM policy_version"
        " WHERE content ->> 'budget_line' IS NOT NULL"
        " UNION SELECT line FROM subsidy_budget ORDER BY 1"
    )
    return list(session.connection().execute(query).scalars())


def _under(prefixes: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(BUDGET.c.division_code.startswith(one, autoescape=True) for one in prefixes))


def _division() -> ColumnElement[str]:
    named = select(col(Division.name)).where(col(Division.code) == BUDGET.c.division_code)
    return func.coalesce(named.scalar_subquery(), BUDGET.c.division_code).label("division_name")

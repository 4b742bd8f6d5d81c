"""The cases of a run, frozen: from the facts of its source, numbered in an order of their own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Insert,
    Text,
    column,
    func,
    insert,
    literal,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col

from server.db.tables import table_of
from server.policies.programmes.schema import Programme
from server.policies.programmes.vocabulary import SOURCES
from server.providers.models import Site
from server.subsidies.models import SubsidyFact, SubsidyRun
from server.subsidies.reckoning.before import caps_over
from server.subsidies.reckoning.errors import SourceUnknown
from server.subsidies.reckoning.months import month_after
from server.subsidies.reckoning.patience import PATIENT, be_patient

FACT = table_of(SubsidyFact)
IS_THERE = text("SELECT to_regprocedure(:name || '(date,date)') IS NOT NULL")
GIVEN = (
    column("beneficiary_id", BigInteger), column("resident_id", BigInteger),
    column("caregiver_id", BigInteger), column("site_id", BigInteger), column("month", Date),
    column("part", BigInteger), column("on_day", Date), column("subject", Text),
    column("facts", JSONB),
)  # fmt: skip

CLAIMED = (column("claimant_id", BigInteger), column("month", Date))


def require_source(session: Session, source: str) -> str:
    """Return the function that gives the facts of a source; raises `SourceUnknown`."""
    name = f"facts_of_{source}"
    if source not in SOURCES or not session.execute(IS_THERE, {"name": name}).scalar_one():
        raise SourceUnknown(source=source)
    return name


def freeze_cases(session: Session, run: SubsidyRun, programme: Programme) -> int:
    """Write down every case of the run's months and division; returns how many there are.

    What somebody must ask for has those alone whose claim was accepted for the month; a claim that
    is accepted later is paid by a difference run. Cases stand month by month and site by site, the
    first case of everybody before the second of anybody: so a slice seldom ends early.
    """
    be_patient(session)
    name = require_source(session, programme.facts)
    until = month_after(run.first_month, run.months)
    given = func.__getattr__(name)(literal(run.first_month, Date), literal(until, Date))
    case = given.table_valued(*GIVEN).alias("given")
    under = col(Site.division_code).startswith(run.division_code, autoescape=True)
    turn = func.row_number().over(partition_by=whose(case.c, programme), order_by=_order(case.c))
    turned = (
        select(*(case.c[one.name] for one in GIVEN), turn.label("turn"))
        .join_from(case, Site, col(Site.id) == case.c.site_id)
        .where(under, _is_claimed(case.c, run, programme))
        .subquery()
    )
    number = func.row_number().over(order_by=(turned.c.turn, *_order(turned.c)))
    rows = select(literal(run.id, BigInteger), number, *(turned.c[one.name] for one in GIVEN))
    names = ["run_id", "number", *(one.name for one in GIVEN)]
    return _written(session, run, insert(FACT).from_select(names, rows))


def copy_cases(session: Session, run: SubsidyRun, of_run_id: int) -> int:
    """Write down the same cases as another run froze, by the same numbers."""
    be_patient(session)
    names = [one.name for one in FACT.c if one.name != "run_id"]
    rows = select(literal(run.id, BigInteger), *(FACT.c[name] for name in names))
    copied = rows.where(FACT.c.run_id == of_run_id)
    return _written(session, run, insert(FACT).from_select(["run_id", *names], copied))


def whose(case: Any, programme: Programme) -> Sequence[Any]:
    """Return what nobody may have twice in one slice: a part of a month, or where a cap reaches
    over several lines, anything at all."""
    if caps_over(programme):
        return (case.beneficiary_id,)
    return (case.beneficiary_id, case.month, case.part)


def _is_claimed(case: Any, run: SubsidyRun, programme: Programme) -> ColumnElement[bool]:
    """True where nobody has to ask, or whoever has to was let through for the case's month."""
    if programme.claimant is None:
        return true()
    until = month_after(run.first_month, run.months)
    months = func.claimed_months(
        run.programme, programme.claimant, literal(run.first_month, Date), literal(until, Date)
    )
    claimed = months.table_valued(*CLAIMED).alias("claimed")
    asked = select(claimed.c.claimant_id, claimed.c.month)
    return tuple_(case[f"{programme.claimant}_id"], case.month).in_(asked)


def _order(case: Any) -> Sequence[Any]:
    return (case.month, case.site_id, case.beneficiary_id, case.part, case.subject)


def _written(session: Session, run: SubsidyRun, statement: Insert) -> int:
    connection = session.connection()
    connection.execute(statement, execution_options=PATIENT)
    there = select(func.count()).where(FACT.c.run_id == run.id)
    return connection.execute(there, execution_options=PATIENT).scalar_one()

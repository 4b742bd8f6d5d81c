"""How the money of each stay of a facility stands: whoever has to act finds it in one list."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Date, Row, and_, case, cast, column, false, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlmodel import Session, col

from server.facilities.closing import NOT_OVER
from server.facilities.contracts.due import Due, list_due_at
from server.facilities.contracts.models import Contract, StayBill
from server.facilities.contracts.queries import was_corrected_since, was_settled
from server.facilities.models import Bed, BedOccupancy, Stay, StayStatus
from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry
from server.residents.models import Resident

MOST_STAYS = 3_000
FIGURES = ("prepaid_fen", "deposit_fen", "owed_fen")

OF_FIGURE: Mapping[str, str] = {
    "prepaid": "prepaid_fen",
    "deposit": "deposit_fen",
    "owed": "owed_fen",
    "due": "due",
}


class MoneyStanding(StrEnum):
    """What is still to be done about the money of a stay."""

    HERE = "here"  # 在住
    TO_SETTLE = "to_settle"  # 已退住未结清
    CORRECTED = "corrected"  # 已结清，后有更正
    SETTLED = "settled"  # 已结清


class MoneyFigure(StrEnum):
    """By which sum of a facility a list is narrowed to the stays that make it."""

    PREPAID = "prepaid"
    DEPOSIT = "deposit"
    OWED = "owed"
    DUE = "due"


def list_standings(
    session: Session,
    site_id: int,
    standing: MoneyStanding | None = None,
    figure: MoneyFigure | None = None,
) -> Sequence[Row[Any]]:
    """Return the stays of a facility with their money, by bed; who came and never stayed is not in.

    (stay_id, name, label, standing, since, ended_on, contract_until, month_fen, prepaid_fen,
    deposit_fen, owed_fen, billed_month, due, due_fen): `due` bills come to something else by now,
    `due_fen` in all. Whom the actor may not know has no name. Someone who left
    is in it once a contract or money of theirs was noted. With `figure` only those that make it.
    """
    found = _standings(site_id, list_due_at(session, site_id)).subquery("found")
    query = select(found).where(found.c.standing.is_not(None))
    if standing is not None:
        query = query.where(found.c.standing == standing.value)
    if figure is not None:
        query = query.where(found.c[OF_FIGURE[figure]] != 0)
    order = (found.c.label.is_(None), found.c.label, found.c.stay_id)
    return session.execute(query.order_by(*order).limit(MOST_STAYS)).all()


def sum_standings(session: Session, site_id: int) -> Row[Any]:
    """Return (prepaid_fen, deposit_fen, owed_fen, due, due_fen, stays_due) of all stays listed."""
    found = _standings(site_id, list_due_at(session, site_id)).subquery("found")
    sums = (*FIGURES, "due", "due_fen")
    query = select(
        *(_in_all(found.c[name]).label(name) for name in sums),
        func.count().filter(found.c.due > 0).label("stays_due"),
    )
    return session.execute(query.where(found.c.standing.is_not(None))).one()


def _in_all(amounts: Any) -> Any:
    return cast(func.coalesce(func.sum(amounts), 0), BigInteger)


def _standings(site_id: int, differing: Sequence[Due]) -> Any:
    money, bills = _money(site_id).subquery("money"), _last_bills(site_id).subquery("bills")
    contracts = _last_contracts(site_id).subquery("contracts")
    due = _due(differing)
    query: Any = select(
        col(Stay.id).label("stay_id"),
        col(Resident.name),
        col(Bed.label),
        _standing(contracts, money, bills, due).label("standing"),
        func.coalesce(col(Stay.admitted_on), col(Stay.planned_on)).label("since"),
        col(Stay.ended_on),
        contracts.c.ends_on.label("contract_until"),
        contracts.c.month_fen,
        *(func.coalesce(money.c[name], 0).label(name) for name in FIGURES),
        bills.c.month.label("billed_month"),
        func.coalesce(due.c.bills, 0).label("due"),
        func.coalesce(due.c.difference_fen, 0).label("due_fen"),
    )
    return (
        query.outerjoin(Resident, col(Resident.id) == col(Stay.resident_id))
        .outerjoin(
            BedOccupancy,
            (col(BedOccupancy.stay_id) == col(Stay.id))
            & col(BedOccupancy.superseded_at).is_(None)
            & (col(BedOccupancy.ends_on).is_(None) | (col(Stay.status) == StayStatus.HELD)),
        )
        .outerjoin(Bed, col(Bed.id) == col(BedOccupancy.bed_id))
        .outerjoin(contracts, contracts.c.stay_id == col(Stay.id))
        .outerjoin(money, money.c.subject == func.concat("stay:", col(Stay.id)))
        .outerjoin(bills, bills.c.stay_id == col(Stay.id))
        .outerjoin(due, due.c.stay_id == col(Stay.id))
        .where(col(Stay.site_id) == site_id)
    )


def _standing(contracts: Any, money: Any, bills: Any, due: Any) -> Any:
    """Settled is whoever left, was billed to the last night as it came out, and has nothing held or
    owed; corrected, whoever was settled and is not so any more because a bill was corrected."""
    last_night = cast(col(Stay.ended_on), Date) - 1
    is_billed = bills.c.month >= func.date_trunc("month", last_night)
    is_due = due.c.bills.is_not(None)
    is_even = func.coalesce(money.c.has_none, false()) & ~is_due
    has_money = contracts.c.stay_id.is_not(None) | money.c.subject.is_not(None)
    return case(
        (col(Stay.status).in_(NOT_OVER), literal(MoneyStanding.HERE.value)),
        (is_even & (was_settled() | is_billed), literal(MoneyStanding.SETTLED.value)),
        (was_settled() & (is_due | was_corrected_since()), literal(MoneyStanding.CORRECTED.value)),
        (has_money, literal(MoneyStanding.TO_SETTLE.value)),
    )


def _money(site_id: int) -> Any:
    kinds = (AccountKind.PREPAID, AccountKind.DEPOSIT, AccountKind.RECEIVABLE)
    signs = (-1, -1, 1)
    sums = [
        (sign * _sum(kind)).label(name)
        for name, kind, sign in zip(FIGURES, kinds, signs, strict=True)
    ]
    is_none = [_sum(kind) == 0 for kind in kinds]
    return (
        select(col(LedgerAccount.subject), *sums, and_(*is_none).label("has_none"))
        .join(LedgerEntry, col(LedgerEntry.account_id) == col(LedgerAccount.id))
        .where(col(LedgerAccount.site_id) == site_id)
        .group_by(col(LedgerAccount.subject))
    )


def _sum(kind: AccountKind) -> Any:
    return _in_all(case((col(LedgerAccount.kind) == kind, col(LedgerEntry.amount_fen))))


def _last_contracts(site_id: int) -> Any:
    fees = col(Contract.bed_fen) + col(Contract.nursing_fen) + col(Contract.meals_fen)
    return (
        select(
            col(Contract.stay_id),
            col(Contract.ends_on),
            (fees + col(Contract.other_fen)).label("month_fen"),
        )
        .join(Stay, col(Stay.id) == col(Contract.stay_id))
        .where(col(Stay.site_id) == site_id)
        .ext(distinct_on(col(Contract.stay_id)))
        .order_by(col(Contract.stay_id), col(Contract.starts_on).desc())
    )


def _due(differing: Sequence[Due]) -> Any:
    """What was found by a statement of its own: inside this one it would be found for each stay."""
    by_stay = groupby(differing, key=lambda one: one.stay_id)
    rows = [_due_of(stay_id, list(of_stay)) for stay_id, of_stay in by_stay]
    return (
        func.jsonb_to_recordset(cast(rows, JSONB))
        .table_valued(
            column("stay_id", BigInteger),
            column("bills", BigInteger),
            column("difference_fen", BigInteger),
            name="due",
        )
        .render_derived(with_types=True)
    )


def _due_of(stay_id: int, bills: Sequence[Due]) -> dict[str, int]:
    fen = sum(one.difference_fen for one in bills)
    return {"stay_id": stay_id, "bills": len(bills), "difference_fen": fen}


def _last_bills(site_id: int) -> Any:
    return (
        select(col(StayBill.stay_id), func.max(col(StayBill.month)).label("month"))
        .join(Stay, col(Stay.id) == col(StayBill.stay_id))
        .where(col(Stay.site_id) == site_id)
        .group_by(col(StayBill.stay_id))
    )

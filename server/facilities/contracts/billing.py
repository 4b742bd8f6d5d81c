"""Bill a month for everybody of a facility: as many statements for a thousand as for one.

What was billed for earlier months and comes to something else by now is corrected first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, or_, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.facilities.contracts import rules
from server.facilities.contracts.correcting import correct_held, hold_stays
from server.facilities.contracts.due import list_due_at, list_due_of
from server.facilities.contracts.errors import ContractMissing, MonthNotOver, NothingToBill
from server.facilities.contracts.models import StayBill
from server.facilities.contracts.queries import (
    list_contracts_of,
    list_nights_of,
    reference_of_bill,
    subject_of,
)
from server.facilities.models import Stay
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_by_subject
from server.ledger.service import Draft, post_all
from server.policies.queries import get_figures

Lines = Mapping[int, list[rules.Line]]


@dataclass(frozen=True)
class Billed:
    """How many bills and corrections were written, and which stays have a night that no contract
    covers."""

    bills: int
    without_contract: Sequence[int]
    corrections: int = 0


@all_or_nothing
def bill_everybody(session: Session, site_id: int, month: date) -> Billed:
    """Bill a month that is over for every stay of the facility that has no bill of it yet.

    Each bill is what `bill_month` makes of it, and corrections due of other months are written as
    `correct_everybody` does. A stay with a night that no contract covers is left out and told;
    doing it twice adds nothing. Raises `MonthNotOver`, `RuleMissing`.
    """
    month = rules.first_of(month)
    if rules.month_after(month) > clock.today():
        raise MonthNotOver()
    held = _hold(session, site_id, month)
    corrected = correct_held(session, site_id, list_due_of(session, held))
    lines, without_contract = _lines_by_stay(session, _unbilled(session, held, month), month)
    postings = _post(session, site_id, month, lines)
    _keep(session, month, lines, postings)
    left_out = sorted({*corrected.without_contract, *without_contract})
    return Billed(len(lines), left_out, corrected.corrections)


def list_without_contract(
    session: Session, site_id: int, month: date | None = None
) -> Mapping[int, date]:
    """Return stay → its first night that no contract covers, where that stops a correction, or the
    bill of the month."""
    wanted = {one.stay_id: one.month for one in list_due_at(session, site_id) if one.is_uncovered}
    if month is not None:
        month = rules.first_of(month)
        stayed = session.execute(_stayed(site_id, month)).scalars().all()
        wanted = dict.fromkeys(_unbilled(session, stayed, month), month) | wanted
    return _uncovered(session, wanted)


def _uncovered(session: Session, wanted: Mapping[int, date]) -> Mapping[int, date]:
    contracts, nights = (
        list_contracts_of(session, list(wanted)),
        list_nights_of(session, list(wanted)),
    )
    first = {
        stay_id: rules.first_uncovered(contracts[stay_id], nights[stay_id], month)
        for stay_id, month in wanted.items()
        if not rules.is_before_contracts(contracts[stay_id], month)
    }
    return {stay_id: day for stay_id, day in first.items() if day is not None}


def _hold(session: Session, site_id: int, month: date) -> Sequence[int]:
    """Hold the stays with nights in the month, and those of which a bill is to be corrected."""
    due = {one.stay_id for one in list_due_at(session, site_id)}
    stayed = session.execute(_stayed(site_id, month)).scalars().all()
    return hold_stays(session, due.union(stayed))


def _stayed(site_id: int, month: date) -> Any:
    return (
        select(col(Stay.id))
        .where(
            col(Stay.site_id) == site_id,
            col(Stay.admitted_on) < rules.month_after(month),
            or_(col(Stay.ended_on).is_(None), col(Stay.ended_on) > month),
        )
        .order_by(col(Stay.id))
    )


def _unbilled(session: Session, stay_ids: Sequence[int], month: date) -> Sequence[int]:
    """Return which of the stays have nights in the month, and no bill of it."""
    billed = select(col(StayBill.stay_id)).where(
        col(StayBill.stay_id).in_(stay_ids), col(StayBill.month) == month
    )
    open_ones = select(col(Stay.id)).where(col(Stay.id).in_(stay_ids), col(Stay.id).not_in(billed))
    return session.execute(open_ones.order_by(col(Stay.id))).scalars().all()


def _lines_by_stay(
    session: Session, stay_ids: Sequence[int], month: date
) -> tuple[Lines, Sequence[int]]:
    percent = get_figures(session, [rules.AWAY_PERCENT], on=month)[rules.AWAY_PERCENT].value
    contracts, nights = list_contracts_of(session, stay_ids), list_nights_of(session, stay_ids)
    lines: dict[int, list[rules.Line]] = {}
    without_contract: list[int] = []
    for stay_id in stay_ids:
        if rules.is_before_contracts(contracts[stay_id], month):
            continue
        try:
            lines[stay_id] = rules.bill_lines(
                contracts[stay_id], nights[stay_id], month, away_percent=percent
            )
        except ContractMissing:
            without_contract.append(stay_id)
        except NothingToBill:
            continue
    return lines, without_contract


def _post(session: Session, site_id: int, month: date, lines: Lines) -> Mapping[str, int]:
    subjects = {subject_of(stay_id) for stay_id in lines}
    prepaid = balances_by_subject(session, site_id, AccountKind.PREPAID, subjects)
    drafts = [
        Draft(
            subject_of(stay_id),
            PostingKind.BILL,
            reference_of_bill(stay_id, month),
            rules.amounts_of_bill(total, prepaid_fen=-prepaid[subject_of(stay_id)]),
        )
        for stay_id in lines
        if (total := _total(lines[stay_id]))
    ]
    return post_all(session, drafts, site_id=site_id, posted_on=clock.today())


def _keep(session: Session, month: date, lines: Lines, postings: Mapping[str, int]) -> None:
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "stay_id": stay_id,
            "month": month,
            "total_fen": _total(of_stay),
            "lines": [line.as_kept() for line in of_stay],
            "posting_id": postings.get(reference_of_bill(stay_id, month)),
            "billed_at": now,
        }
        for stay_id, of_stay in lines.items()
    ]
    if rows:
        session.execute(insert(StayBill), rows)


def _total(lines: Sequence[rules.Line]) -> int:
    return sum(line.amount_fen for line in lines)

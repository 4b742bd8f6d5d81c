"""Bill a month for everybody of a facility: as many statements for a thousand as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, or_, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.facilities.contracts import rules
from server.facilities.contracts.errors import ContractMissing, MonthNotOver, NothingToBill
from server.facilities.contracts.models import StayBill
from server.facilities.contracts.queries import (
    list_contracts_of,
    list_nights_of,
    reference_of_bill,
    subject_of,
    was_settled,
)
from server.facilities.models import Stay
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_by_subject
from server.ledger.service import Draft, post_all
from server.policies.queries import get_figures

Lines = Mapping[int, list[rules.Line]]


@dataclass(frozen=True)
class Billed:
    """How many bills were written, and which stays have a night that no contract covers."""

    bills: int
    without_contract: Sequence[int]


@all_or_nothing
def bill_everybody(session: Session, site_id: int, month: date) -> Billed:
    """Bill a month that is over for every stay of the facility that has no bill of it yet.

    Each bill is what `bill_month` makes of it. A stay with a night that no contract covers is left
    out and told; doing it twice adds nothing. Raises `MonthNotOver`, `RuleMissing`.
    """
    month = rules.first_of(month)
    if rules.month_after(month) > clock.today():
        raise MonthNotOver()
    unbilled = _lock_unbilled(session, site_id, month)
    lines, without_contract = _lines_by_stay(session, unbilled, month)
    postings = _post(session, site_id, month, lines)
    _keep(session, month, lines, postings)
    return Billed(len(lines), without_contract)


def _lock_unbilled(session: Session, site_id: int, month: date) -> Sequence[int]:
    """Hold the stays with nights in the month, then ask which have a bill or are settled."""
    stayed = (
        select(col(Stay.id))
        .where(
            col(Stay.site_id) == site_id,
            col(Stay.admitted_on) < rules.month_after(month),
            or_(col(Stay.ended_on).is_(None), col(Stay.ended_on) > month),
        )
        .order_by(col(Stay.id))
        .with_for_update(key_share=True, of=Stay)
    )
    held = session.execute(stayed).scalars().all()
    billed = select(col(StayBill.stay_id)).where(
        col(StayBill.stay_id).in_(held), col(StayBill.month) == month
    )
    open_ones = select(col(Stay.id)).where(
        col(Stay.id).in_(held), col(Stay.id).not_in(billed), ~was_settled()
    )
    return session.execute(open_ones.order_by(col(Stay.id))).scalars().all()


def _lines_by_stay(
    session: Session, stay_ids: Sequence[int], month: date
) -> tuple[Lines, Sequence[int]]:
    percent = get_figures(session, [rules.AWAY_PERCENT], on=month)[rules.AWAY_PERCENT].value
    contracts, nights = list_contracts_of(session, stay_ids), list_nights_of(session, stay_ids)
    lines: dict[int, list[rules.Line]] = {}
    without_contract: list[int] = []
    for stay_id in stay_ids:
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

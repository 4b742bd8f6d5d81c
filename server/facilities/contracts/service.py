"""Agree on a contract, take money, and bill a month.

Whoever changes the money of a stay holds the stay first: two payments never cross.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.facilities.contracts import rules
from server.facilities.contracts.correcting import correct_stay
from server.facilities.contracts.errors import (
    AlreadySettled,
    ContractMissing,
    ContractOverlaps,
    MonthNotOver,
    ReceiptNoted,
)
from server.facilities.contracts.models import Contract, StayBill
from server.facilities.contracts.queries import (
    find_bill,
    list_bills,
    list_contracts,
    list_nights,
    reference_of_bill,
    reference_of_settlement,
    subject_of,
)
from server.facilities.models import Stay, StayStatus
from server.facilities.stays.taking import lock_stay
from server.ledger.errors import AmountImpossible
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_of, find_amount, find_posting
from server.ledger.service import Draft, post
from server.policies.queries import get_figures


@all_or_nothing
def agree(session: Session, stay_id: int, **terms: Any) -> Contract:
    """Note a contract: `number`, `starts_on`, `ends_on`, the monthly fees and `deposit_fen`.

    Raises `ContractDaysImpossible`, `ContractOverlaps`, `DepositTooHigh`, `RuleMissing`,
    `NotFound`.
    """
    stay = lock_stay(session, stay_id)
    contract = Contract(stay_id=stay_id, **terms)
    rules.check_contract_days(contract.starts_on, contract.ends_on, planned_on=stay.planned_on)
    bed_fees = _figure(session, rules.DEPOSIT_BED_FEES, on=contract.starts_on)
    rules.check_deposit(contract.deposit_fen, bed_fen=contract.bed_fen, bed_fees=bed_fees)
    with refusing(session, {"ex_contract_one_a_night": ContractOverlaps()}):
        session.add(contract)
    return contract


@all_or_nothing
def take_payment(session: Session, stay_id: int, *, amount_fen: int, reference: str) -> None:
    """Note money received: first for what is owed, the rest in advance.

    The same `reference` and amount again does nothing. After the settlement only what is still
    owed is taken. Raises `ReceiptNoted`, `PrepaymentTooHigh`, `ContractMissing`,
    `AmountImpossible`, `AlreadySettled`, `NotFound`.
    """
    stay = lock_stay(session, stay_id)
    if _is_noted(session, f"payment:{stay_id}:{reference}", amount_fen):
        return
    if amount_fen <= 0:
        raise AmountImpossible()
    balances = balances_of(session, stay.site_id, subject_of(stay_id))
    owed = min(balances[AccountKind.RECEIVABLE], amount_fen)
    ahead = amount_fen - owed
    if ahead:
        _check_not_settled(session, stay)
        _check_ahead(session, stay_id, ahead, held_fen=-balances[AccountKind.PREPAID])
    amounts = {
        AccountKind.CASH: amount_fen,
        AccountKind.RECEIVABLE: -owed,
        AccountKind.PREPAID: -ahead,
    }
    _post(session, stay, PostingKind.PAYMENT, f"payment:{stay_id}:{reference}", amounts)


@all_or_nothing
def take_deposit(session: Session, stay_id: int, *, amount_fen: int, reference: str) -> None:
    """Note a deposit received, never more than the contract says.

    The same `reference` and amount again does nothing. Raises `ReceiptNoted`, `DepositTooHigh`,
    `ContractMissing`, `AmountImpossible`, `AlreadySettled`, `NotFound`.
    """
    stay = lock_stay(session, stay_id)
    if _is_noted(session, f"deposit:{stay_id}:{reference}", amount_fen):
        return
    held = -_open_balances(session, stay)[AccountKind.DEPOSIT]
    if amount_fen <= 0:
        raise AmountImpossible()
    agreed = _last_contract(session, stay_id).deposit_fen
    rules.check_deposit(held + amount_fen, bed_fen=agreed, bed_fees=1)
    amounts = {AccountKind.CASH: amount_fen, AccountKind.DEPOSIT: -amount_fen}
    _post(session, stay, PostingKind.DEPOSIT, f"deposit:{stay_id}:{reference}", amounts)


@all_or_nothing
def bill_month(session: Session, stay_id: int, month: date) -> StayBill:
    """Bill the nights of a month, pro rata, once: a second time returns the bill that is there.

    What was paid in advance is used first, after the corrections due of the stay's other bills.
    Raises `MonthNotOver`, `NothingToBill`,
    `ContractMissing`, `RuleMissing`, `NotFound`.
    """
    stay = lock_stay(session, stay_id)
    month = rules.first_of(month)
    correct_stay(session, stay)
    known = find_bill(session, stay_id, month)
    if known is not None:
        return known
    if stay.status is not StayStatus.ENDED and rules.month_after(month) > clock.today():
        raise MonthNotOver()
    lines = _lines(session, stay_id, month)
    total = sum(line.amount_fen for line in lines)
    bill = StayBill(
        stay_id=stay_id,
        month=month,
        total_fen=total,
        lines=[line.as_kept() for line in lines],
        posting_id=_post_bill(session, stay, month, total),
        billed_at=clock.now(),
    )
    session.add(bill)
    session.flush()
    return bill


def first_unbilled(session: Session, stay: Stay) -> date | None:
    """Return the first month that is over for the stay and has no bill, None where all have one.

    Months before the first contract are none of the platform's: it began with that contract.
    """
    if stay.admitted_on is None or stay.id is None:
        return None
    contracts, records = list_contracts(session, stay.id), list_nights(session, stay.id)
    since = max(stay.admitted_on, contracts[0].starts_on) if contracts else stay.admitted_on
    billed = {bill.month for bill in list_bills(session, stay.id)}
    months = rules.months_between(since, stay.ended_on or rules.first_of(clock.today()))
    unbilled = (one for one in months if one not in billed)
    nights = (one for one in unbilled if rules.count_nights(records, one, rules.ALWAYS).total())
    return next(nights, None)


def first_uncovered(session: Session, stay: Stay) -> date | None:
    """Return the first night gone by, since the first contract, that none covers, or None."""
    assert stay.id is not None, "a stored stay has its key"
    contracts, records = list_contracts(session, stay.id), list_nights(session, stay.id)
    since = max(stay.admitted_on or stay.planned_on, contracts[0].starts_on) if contracts else None
    months = rules.months_between(since, stay.ended_on or clock.today()) if since else ()
    nights = (rules.first_uncovered(contracts, records, month) for month in months)
    return next((night for night in nights if night and night < clock.today()), None)


def _figure(session: Session, name: str, *, on: date) -> Any:
    return get_figures(session, [name], on=on)[name].value


def _is_noted(session: Session, reference: str, amount_fen: int) -> bool:
    """True where this very amount was received; raises `ReceiptNoted` where it was another."""
    noted = find_amount(session, reference, AccountKind.CASH)
    if noted not in (None, amount_fen):
        raise ReceiptNoted(amount_fen=noted)
    return noted is not None


def _open_balances(session: Session, stay: Stay) -> Mapping[AccountKind, int]:
    """Return the balances of a stay that is not settled; raises `AlreadySettled`."""
    assert stay.id is not None, "a stored stay has its key"
    _check_not_settled(session, stay)
    return balances_of(session, stay.site_id, subject_of(stay.id))


def _check_not_settled(session: Session, stay: Stay) -> None:
    if find_posting(session, reference_of_settlement(stay)) is not None:
        raise AlreadySettled()


def _check_ahead(session: Session, stay_id: int, ahead: int, *, held_fen: int) -> None:
    month_fen = _last_contract(session, stay_id).month_fen
    months = _figure(session, rules.PREPAYMENT_MONTHS, on=clock.today())
    rules.check_prepayment(ahead, held_fen=held_fen, month_fen=month_fen, months=months)


def _last_contract(session: Session, stay_id: int) -> Contract:
    contracts = list_contracts(session, stay_id)
    if not contracts:
        raise ContractMissing(day=clock.today().isoformat())
    return contracts[-1]


def _lines(session: Session, stay_id: int, month: date) -> list[rules.Line]:
    contracts, records = list_contracts(session, stay_id), list_nights(session, stay_id)
    percent = _figure(session, rules.AWAY_PERCENT, on=month)
    return rules.bill_lines(contracts, records, month, away_percent=percent)


def _post_bill(session: Session, stay: Stay, month: date, total: int) -> int | None:
    if not total:
        return None
    prepaid = -balances_of(session, stay.site_id, subject_of(stay.id or 0))[AccountKind.PREPAID]
    amounts = rules.amounts_of_bill(total, prepaid_fen=prepaid)
    reference = reference_of_bill(stay.id or 0, month)
    return _post(session, stay, PostingKind.BILL, reference, amounts)


def _post(
    session: Session,
    stay: Stay,
    kind: PostingKind,
    reference: str,
    amounts: Mapping[AccountKind, int],
) -> int:
    assert stay.id is not None, "a stored stay has its key"
    draft = Draft(subject_of(stay.id), kind, reference, amounts)
    return post(session, draft, site_id=stay.site_id, posted_on=clock.today())

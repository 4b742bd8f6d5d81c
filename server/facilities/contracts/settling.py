"""Settle the money of a stay that is over, and again where a bill was corrected since.

Corrections that are due are written first: what is given back is what the nights came to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import reaching_everywhere
from server.facilities.contracts import rules
from server.facilities.contracts.correcting import correct_stay, foresee
from server.facilities.contracts.due import Due, list_due_of
from server.facilities.contracts.errors import (
    AlreadySettled,
    ContractMissing,
    DeathNotConfirmed,
    MonthsUnbilled,
    StayGoesOn,
)
from server.facilities.contracts.queries import reference_of_settlement, subject_of
from server.facilities.contracts.service import first_unbilled, first_uncovered
from server.facilities.models import EndReason, Stay, StayStatus
from server.facilities.stays.taking import lock_stay
from server.findings.models import FindingKind
from server.findings.queries import is_open_about
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_of, count_postings, find_posting
from server.ledger.service import Draft, post

OVER = (StayStatus.ENDED, StayStatus.CANCELLED, StayStatus.LAPSED)


@dataclass(frozen=True)
class Foreseen:
    """How the money stands, what is to be corrected first, and what a settlement would come to."""

    now: rules.Settlement
    settlement: rules.Settlement
    due: Sequence[Due]


def foresee_settlement(session: Session, stay: Stay) -> Foreseen:
    """Return what a settlement would come to now, and what would be corrected before it."""
    assert stay.id is not None, "a stored stay has its key"
    balances = balances_of(session, stay.site_id, subject_of(stay.id))
    due = list_due_of(session, [stay.id])
    return Foreseen(_settlement(balances), _settlement(foresee(due, balances)), due)


@all_or_nothing
def settle(session: Session, stay_id: int) -> rules.Settlement:
    """Use what is held for what is owed, and give the rest back, to the fen.

    Bills are corrected first. Settled once, a stay is settled again where a correction left
    something held. Raises `StayGoesOn`, `DeathNotConfirmed`, `ContractMissing`, `MonthsUnbilled`,
    `AlreadySettled`, `NotFound`.
    """
    stay = lock_stay(session, stay_id)
    _check_over(session, stay)
    corrections = _correct(session, stay)
    _check_all_billed(session, stay)
    settlement = _settlement(balances_of(session, stay.site_id, subject_of(stay_id)))
    is_held = settlement.prepaid_fen or settlement.deposit_fen
    if not is_held and not corrections and was_settled(session, stay):
        raise AlreadySettled()
    if is_held:
        _post(session, stay, settlement)
    return settlement


def is_settled(session: Session, stay: Stay) -> bool:
    """True once the stay is over, all of it billed as it came out, and nothing of it is held or
    owed any more."""
    foreseen = foresee_settlement(session, stay)
    return is_even(stay, foreseen) and first_unbilled(session, stay) is None


def is_even(stay: Stay, foreseen: Foreseen) -> bool:
    """True for a stay that is over, of which nothing is held, owed or to be corrected."""
    left = foreseen.settlement
    is_nothing_left = not (left.prepaid_fen or left.deposit_fen or left.owed_fen or foreseen.due)
    return stay.status in OVER and is_nothing_left


def was_settled(session: Session, stay: Stay) -> bool:
    """True where this end of the stay was settled, whatever was corrected since."""
    return find_posting(session, reference_of_settlement(stay)) is not None


def is_death_unconfirmed(session: Session, stay: Stay) -> bool:
    """True while the home's word that the person died waits for the county."""
    if stay.status is not StayStatus.ENDED or stay.end_reason is not EndReason.DIED:
        return False
    with reaching_everywhere(session):
        return is_open_about(session, FindingKind.DEATH_IN_A_STAY, f"stay:{stay.id}:")


def _check_over(session: Session, stay: Stay) -> None:
    if stay.status not in OVER:
        raise StayGoesOn()
    if is_death_unconfirmed(session, stay):
        raise DeathNotConfirmed()


def _correct(session: Session, stay: Stay) -> int:
    """Write the corrections that are due, and return how many they were."""
    corrected = correct_stay(session, stay)
    if corrected.without_contract:
        day = first_uncovered(session, stay)
        raise ContractMissing(day=(day or clock.today()).isoformat())
    return corrected.corrections


def _check_all_billed(session: Session, stay: Stay) -> None:
    month = first_unbilled(session, stay)
    if month is not None:
        raise MonthsUnbilled(month=f"{month:%Y-%m}")


def _settlement(balances: Mapping[AccountKind, int]) -> rules.Settlement:
    return rules.Settlement(
        prepaid_fen=-balances[AccountKind.PREPAID],
        deposit_fen=-balances[AccountKind.DEPOSIT],
        owed_fen=balances[AccountKind.RECEIVABLE],
    )


def _post(session: Session, stay: Stay, settlement: rules.Settlement) -> None:
    amounts = {
        AccountKind.PREPAID: settlement.prepaid_fen,
        AccountKind.DEPOSIT: settlement.deposit_fen,
        AccountKind.RECEIVABLE: settlement.still_owed_fen - settlement.owed_fen,
        AccountKind.CASH: -settlement.refund_fen,
    }
    reference = _reference(session, stay)
    draft = Draft(subject_of(stay.id or 0), PostingKind.SETTLEMENT, reference, amounts)
    post(session, draft, site_id=stay.site_id, posted_on=clock.today())


def _reference(session: Session, stay: Stay) -> str:
    """The first settlement of an end has the reference of it, the next ones their number behind."""
    first = reference_of_settlement(stay)
    if not was_settled(session, stay):
        return first
    return f"{first}:{count_postings(session, f'{first}:') + 2}"

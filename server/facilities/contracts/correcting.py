"""Bring bills to what their months come to: the difference is posted once, and nothing rewritten.

A month is billed from its nights. Where they turn out otherwise (a death told late, a discharge
dated back, a leave entered afterwards, a death denied), a correction of the bill follows them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import insert, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import TryAgain
from server.facilities.contracts import rules
from server.facilities.contracts.differences import Change, changes_between, reason_of
from server.facilities.contracts.due import Due, list_due_at, list_due_of
from server.facilities.contracts.errors import NothingToBill
from server.facilities.contracts.models import BillCorrection, Contract, Record
from server.facilities.contracts.queries import (
    lines_billed,
    list_contracts_of,
    list_nights_of,
    reference_of_correction,
    subject_of,
)
from server.facilities.contracts.rules import Line
from server.facilities.models import Stay
from server.facilities.stays.taking import lock_stay
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_by_subject
from server.ledger.service import Draft, post_all

ONCE = ("uq_bill_correction_stay_id_month_number", "uq_ledger_posting_reference")


@dataclass(frozen=True)
class Corrected:
    """How many corrections were written, and which stays have a night that no contract covers."""

    corrections: int = 0
    without_contract: Sequence[int] = ()


@dataclass(frozen=True)
class Planned:
    """A correction that is due, with its lines and its number of the month."""

    due: Due
    changes: Sequence[Change]

    @property
    def reference(self) -> str:
        return reference_of_correction(self.due.stay_id, self.due.month, self.due.corrections + 1)


@all_or_nothing
def correct_everybody(session: Session, site_id: int) -> Corrected:
    """Write what is due of everybody's bills at the facility; doing it twice adds nothing.

    Raises `RuleMissing`.
    """
    held = hold_stays(session, {one.stay_id for one in list_due_at(session, site_id)})
    return correct_held(session, site_id, list_due_of(session, held))


@all_or_nothing
def correct_stay_of(session: Session, stay_id: int) -> Corrected:
    """Write what is due of one stay's bills; raises `RuleMissing`, `NotFound`."""
    return correct_stay(session, lock_stay(session, stay_id))


def correct_stay(session: Session, stay: Stay) -> Corrected:
    """Write what is due of the bills of a stay that the caller holds."""
    assert stay.id is not None, "a stored stay has its key"
    return correct_held(session, stay.site_id, list_due_of(session, [stay.id]))


def hold_stays(session: Session, stay_ids: Collection[int]) -> Sequence[int]:
    """Hold stays until the end of the transaction, in one order; returns them in it."""
    query = select(col(Stay.id)).where(col(Stay.id).in_(stay_ids)).order_by(col(Stay.id))
    held = session.execute(query.with_for_update(key_share=True, of=Stay))
    return held.scalars().all()


def correct_held(session: Session, site_id: int, due: Sequence[Due]) -> Corrected:
    """Write what is due of stays that the caller holds: as many statements for all as for one."""
    without_contract = sorted({one.stay_id for one in due if one.is_uncovered})
    planned = _plan(session, [one for one in due if not one.is_uncovered])
    if planned:
        with refusing(session, dict.fromkeys(ONCE, TryAgain())):
            _keep(session, planned, _post(session, site_id, planned))
    return Corrected(len(planned), without_contract)


def _plan(session: Session, due: Sequence[Due]) -> Sequence[Planned]:
    stay_ids = sorted({one.stay_id for one in due})
    if not stay_ids:
        return []
    contracts, nights = list_contracts_of(session, stay_ids), list_nights_of(session, stay_ids)
    billed = lines_billed(session, stay_ids)
    fresh = [_fresh(contracts[one.stay_id], nights[one.stay_id], one) for one in due]
    return [
        Planned(one, changes_between(billed[one.stay_id, one.month], map(Line.as_kept, lines)))
        for one, lines in zip(due, fresh, strict=True)
    ]


def _fresh(contracts: Sequence[Contract], nights: Sequence[Record], due: Due) -> Sequence[Line]:
    try:
        return rules.bill_lines(contracts, nights, due.month, away_percent=due.away_percent)
    except NothingToBill:
        return []


def _post(session: Session, site_id: int, planned: Sequence[Planned]) -> Mapping[str, int]:
    subjects = {subject_of(one.due.stay_id) for one in planned}
    prepaid = balances_by_subject(session, site_id, AccountKind.PREPAID, subjects)
    owed = balances_by_subject(session, site_id, AccountKind.RECEIVABLE, subjects)
    drafts: list[Draft] = []
    for subject, of_stay in groupby(planned, key=lambda one: subject_of(one.due.stay_id)):
        stand = {AccountKind.PREPAID: prepaid[subject], AccountKind.RECEIVABLE: owed[subject]}
        drafts += _drafts(subject, list(of_stay), stand)
    return post_all(session, drafts, site_id=site_id, posted_on=clock.today())


def _drafts(
    subject: str, planned: Sequence[Planned], stand: dict[AccountKind, int]
) -> Iterator[Draft]:
    moves = _moves([one.due for one in planned], stand)
    for one, amounts in zip(planned, moves, strict=True):
        yield Draft(subject, PostingKind.BILL, one.reference, amounts)


def _moves(
    due: Sequence[Due], stand: dict[AccountKind, int]
) -> Iterator[Mapping[AccountKind, int]]:
    """Each correction finds the balances that the one before it left."""
    for one in due:
        amounts = rules.amounts_of_correction(
            one.difference_fen,
            prepaid_fen=-stand[AccountKind.PREPAID],
            owed_fen=stand[AccountKind.RECEIVABLE],
        )
        for kind in stand.keys() & amounts.keys():
            stand[kind] += amounts[kind]
        yield amounts


def _keep(session: Session, planned: Sequence[Planned], postings: Mapping[str, int]) -> None:
    rows = [
        {
            "stay_id": one.due.stay_id,
            "month": one.due.month,
            "number": one.due.corrections + 1,
            "total_fen": one.due.difference_fen,
            "reason": reason_of(one.changes),
            "lines": [vars(change) for change in one.changes],
            "posting_id": postings[one.reference],
            "corrected_at": clock.now(),
        }
        for one in planned
    ]
    session.execute(insert(BillCorrection), rows)


def foresee(due: Sequence[Due], balances: Mapping[AccountKind, int]) -> Mapping[AccountKind, int]:
    """Return the balances of a stay as they would stand after its corrections."""
    stand = {kind: balances[kind] for kind in (*AccountKind,)}
    for _ in _moves([one for one in due if not one.is_uncovered], stand):
        continue
    return stand

"""Every step of a subsidy's money as entries in the bureau's own books.

One book for a city: about a budget (`budget:3`), or about what is owed back (`recovery:7`). Money
that is there or held is above nought, money that is owed or has left is below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from server import clock
from server.ledger.models import AccountKind, PostingKind
from server.ledger.service import Draft, post_in_office

DIGITS_OF_A_CITY = 4
RECOVERY = AccountKind.RECOVERY


@dataclass(frozen=True)
class Moved:
    """What a step moves: amounts, and what of recoveries is netted (below nought: undone)."""

    total_fen: int = 0
    netted: Mapping[int, int] = field(default_factory=dict)

    @property
    def netted_fen(self) -> int:
        """Return what is netted together."""
        return sum(self.netted.values())


def office_of(division_code: str) -> str:
    """Return whose books those of a division are: its city's."""
    return division_code[:DIGITS_OF_A_CITY]


def of_budget(budget_id: int) -> str:
    """Return what entries about a budget are under."""
    return f"budget:{budget_id}"


def of_recovery(recovery_id: int) -> str:
    """Return what entries about a recovery are under."""
    return f"recovery:{recovery_id}"


def due(budget_id: int, run_id: int, fen: int) -> Draft:
    """What a run came to is owed to its payees."""
    amounts = {AccountKind.COST: fen, AccountKind.DUE: -fen}
    reference = f"subsidy-run:{run_id}:due"
    return Draft(of_budget(budget_id), PostingKind.SUBSIDY_DUE, reference, amounts)


def reserved(budget_id: int, batch_id: int, moved: Moved) -> Draft:
    """A batch commits the budget, and nets what is owed back."""
    amounts = {
        AccountKind.COMMITTED: moved.total_fen,
        AccountKind.BUDGET: -moved.total_fen,
        AccountKind.DUE: moved.netted_fen,
    }
    reference = f"subsidy-batch:{batch_id}:reserved"
    kind, across = PostingKind.SUBSIDY_RESERVED, _netted(moved, -1)
    return Draft(of_budget(budget_id), kind, reference, amounts, across=across)


def cancelled(budget_id: int, batch_id: int, moved: Moved) -> Draft:
    """All that a batch had committed and netted is undone."""
    amounts = {
        AccountKind.COMMITTED: -moved.total_fen,
        AccountKind.BUDGET: moved.total_fen,
        AccountKind.DUE: -moved.netted_fen,
    }
    reference = f"subsidy-batch:{batch_id}:cancelled"
    kind, across = PostingKind.SUBSIDY_CANCELLED, _netted(moved, 1)
    return Draft(of_budget(budget_id), kind, reference, amounts, across=across)


def sent(budget_id: int, batch_id: int, fen: int) -> Draft:
    """What was due to payees is with the bank."""
    amounts = {AccountKind.DUE: fen, AccountKind.AT_BANK: -fen}
    reference = f"subsidy-batch:{batch_id}:sent"
    return Draft(of_budget(budget_id), PostingKind.SUBSIDY_SENT, reference, amounts)


def returned(
    budget_id: int, return_id: int, *, paid_fen: int, failed: Moved, came_back: Moved
) -> Draft:
    """What the bank paid, what failed and is due again, and what came back after it was paid."""
    settled = paid_fen + failed.total_fen
    owed_again = failed.netted_fen + came_back.netted_fen + failed.total_fen + came_back.total_fen
    amounts = {
        AccountKind.AT_BANK: settled,
        AccountKind.TREASURY: came_back.total_fen - paid_fen,
        AccountKind.DUE: -owed_again,
        AccountKind.COMMITTED: -settled,
        AccountKind.BUDGET: settled,
    }
    both = Moved(netted=_added(failed.netted, came_back.netted))
    reference = f"subsidy-return:{return_id}"
    kind, across = PostingKind.SUBSIDY_RETURNED, _netted(both, 1)
    return Draft(of_budget(budget_id), kind, reference, amounts, across=across)


def recovery_made(recovery_id: int, fen: int) -> Draft:
    """An amount is owed back, and is a cost no longer."""
    amounts = {RECOVERY: fen, AccountKind.COST: -fen}
    reference = f"recovery:{recovery_id}:made"
    return Draft(of_recovery(recovery_id), PostingKind.RECOVERY_MADE, reference, amounts)


def recovery_received(recovery_id: int, entry_id: int, fen: int) -> Draft:
    """Money came back by transfer."""
    amounts = {AccountKind.TREASURY: fen, RECOVERY: -fen}
    reference = f"recovery:{recovery_id}:received:{entry_id}"
    return Draft(of_recovery(recovery_id), PostingKind.RECOVERY_RECEIVED, reference, amounts)


def recovery_written_off(recovery_id: int, fen: int, decision_id: int) -> Draft:
    """What will not come back is a cost after all."""
    amounts = {AccountKind.COST: fen, RECOVERY: -fen}
    reference = f"recovery:{recovery_id}:written-off:{decision_id}"
    return Draft(of_recovery(recovery_id), PostingKind.RECOVERY_WRITTEN_OFF, reference, amounts)


def enter(session: Session, division_code: str, *drafts: Draft) -> None:
    """Write steps into the bureau's books; the caller reaches everywhere. Nothing is no step."""
    moving = [one for one in drafts if any([*one.amounts.values(), *one.across.values()])]
    office = office_of(division_code)
    post_in_office(session, moving, office_code=office, posted_on=clock.today())


def _netted(moved: Moved, sign: int) -> dict[tuple[str, AccountKind], int]:
    return {(of_recovery(one), RECOVERY): sign * fen for one, fen in moved.netted.items()}


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}

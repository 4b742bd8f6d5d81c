"""How far a payment batch is on its way to the accounts, what is next, and whose turn it is."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from admin.subsidies.road import Road
from admin.words import word
from server.i18n.catalogues import pgettext
from server.subsidies.payments.failures import is_waiting
from server.subsidies.payments.models import BatchState

STEPS = ("make", "check", "file", "send", "return", "reconcile")
CONFIRM = "confirm"
WITH_THE_BANK = (BatchState.SENT, BatchState.RETURNED)


def road_of(batch: Row[Any], returns: Sequence[Row[Any]], *, has_file: bool, open_fen: int) -> Road:
    """Return the way of a batch; one that was given up left it.

    Answers that name failures are confirmed on it, after the books were closed where it comes late.
    """
    waits, steps = any(map(is_waiting, returns)), _steps(batch, returns)
    step = _step(batch, has_file=has_file, open_fen=open_fen, waits=waits)
    at = steps.index(step) if step in steps else (len(steps) if step == "done" else None)
    is_both = waits and step == "return"
    said = pgettext("batch_next", "return_and_confirm" if is_both else step)
    return Road([word("batch_road", one) for one in steps], at, said)


def _steps(batch: Row[Any], returns: Sequence[Row[Any]]) -> Sequence[str]:
    if not any(one.failed + one.came_back for one in returns):
        return STEPS
    if batch.state == BatchState.RECONCILED:
        return (*STEPS, CONFIRM)
    return (*STEPS[:-1], CONFIRM, STEPS[-1])


def _step(batch: Row[Any], *, has_file: bool, open_fen: int, waits: bool) -> str:
    if batch.state == BatchState.DRAFT:
        return "check"
    if batch.state == BatchState.CHECKED:
        return "send" if has_file or not batch.total_fen else "file"
    if batch.state in WITH_THE_BANK and open_fen:
        return "return"
    if waits:
        return CONFIRM
    if batch.state in WITH_THE_BANK:
        return "reconcile"
    return "done" if batch.state == BatchState.RECONCILED else "cancelled"

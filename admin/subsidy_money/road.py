"""How far a payment batch is on its way to the accounts, what is next, and whose turn it is."""

from typing import Any

from sqlalchemy import Row

from admin.subsidies.road import Road
from admin.words import word
from server.i18n.catalogues import pgettext
from server.subsidies.payments.models import BatchState

STEPS = ("make", "check", "file", "send", "return", "reconcile")
WITH_THE_BANK = (BatchState.SENT, BatchState.RETURNED)


def road_of(batch: Row[Any], *, has_file: bool, open_fen: int) -> Road:
    """Return the way of a batch; one that was given up left it."""
    step = _step(batch, has_file=has_file, open_fen=open_fen)
    at = STEPS.index(step) if step in STEPS else (len(STEPS) if step == "done" else None)
    return Road([word("batch_road", one) for one in STEPS], at, pgettext("batch_next", step))


def _step(batch: Row[Any], *, has_file: bool, open_fen: int) -> str:
    if batch.state == BatchState.DRAFT:
        return "check"
    if batch.state == BatchState.CHECKED:
        return "send" if has_file or not batch.total_fen else "file"
    if batch.state in WITH_THE_BANK:
        return "return" if open_fen else "reconcile"
    return "done" if batch.state == BatchState.RECONCILED else "cancelled"

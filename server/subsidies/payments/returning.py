"""What the bank says of payments: a file is taken whole, or not at all, and once."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.intake.cells import cleaned
from server.intake.columns import plain
from server.intake.tables import Table, table_in
from server.secrets.fields import keyring
from server.subsidies import books
from server.subsidies.payments.layouts import BankLayout, get_layout
from server.subsidies.payments.models import (
    RETURN_FIELD,
    BatchState,
    PaymentState,
    SubsidyBankReturn,
    SubsidyBatch,
    SubsidyPayment,
)
from server.subsidies.payments.rules import FAULTS, Known, ReturnRow, Told, Verdict, judge
from server.subsidies.payments.running import runs_of_batch, settle_runs
from server.subsidies.payments.steps import hold_batch
from server.subsidies.payments.telling import tell_of_settled
from server.subsidies.recoveries.owing import undo_netting

PAYMENT = table_of(SubsidyPayment)
AN_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{0,6})?")
LARGEST_UNPACKED = 100 * 1024 * 1024
LONGEST_CODE, LONGEST_REASON = 30, 200
BECOMES = {
    Told.PAID: PaymentState.PAID,
    Told.FAILED: PaymentState.FAILED,
    Told.CAME_BACK: PaymentState.FAILED,
}
SETTLE = (
    update(PAYMENT)
    .where(PAYMENT.c.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in
             ("state", "settled_on", "code", "reason", "return_id")})
)  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What became of a file: taken, known before, or refused for its faults."""

    taken: SubsidyBankReturn | None
    is_known: bool = False
    faults: Sequence[Verdict] = ()


@all_or_nothing
def import_return(
    session: Session, batch_id: int, content: bytes, *, layout: str, file_name: str
) -> Imported:
    """Take what the bank says of a batch. A file with any fault changes nothing.

    Raises `BatchNotSo`, `LayoutUnknown`, `NotFound`, and what is wrong with the whole file:
    `TableUnreadable`, `TableTooLarge`, `TableColumnsMissing`.
    """
    form = get_layout(layout)
    after = (BatchState.SENT, BatchState.RETURNED, BatchState.RECONCILED)
    batch = hold_batch(session, batch_id, *after)
    known = _known_file(session, batch_id, content)
    if known is not None:
        return Imported(known, is_known=True)
    verdicts = judge(read_return(content, form), _payments(session, batch_id))
    faults = [one for one in verdicts if one.told in FAULTS]
    if faults:
        return Imported(None, faults=faults)
    named = {"layout": layout, "file_name": cleaned(file_name)[-120:] or "-"}
    taken = _kept(session, batch, content, verdicts, **named)
    session.add(taken)
    session.flush()
    _apply(session, batch, taken, verdicts)
    return Imported(taken)


def read_return(content: bytes, form: BankLayout) -> list[ReturnRow]:
    """Return the rows of a bank's file; a row of sums is none, a torn one says nothing."""
    mapping = form.mapping()
    table = table_in(content, mapping=mapping, largest_unpacked=LARGEST_UNPACKED)
    places = mapping.places_in(table.headings.cells)
    read = [_row(number, cells, form) for number, cells in _cells(table, places)]
    return [one for one in read if one.number or one.is_paid is not None]


def _cells(table: Table, places: Mapping[str, int]) -> list[tuple[int, dict[str, str]]]:
    return [
        (
            row.number,
            {
                name: cleaned(row.cells[at]) if at < len(row.cells) else ""
                for name, at in places.items()
            },
        )
        for row in table.rows
    ]


def _row(row_no: int, cells: Mapping[str, str], form: BankLayout) -> ReturnRow:
    said = plain(cells.get("outcome", ""))
    is_paid = said in map(plain, form.returns.paid)
    is_failed = said in map(plain, form.returns.failed)
    return ReturnRow(
        row_no=row_no,
        number=cells.get("number", ""),
        amount_fen=_fen(cells.get("amount", ""), form.returns.unit),
        is_paid=is_paid if is_paid != is_failed else None,
        code=cells.get("code", "")[:LONGEST_CODE],
        reason=cells.get("reason", "")[:LONGEST_REASON],
    )


def _fen(cell: str, unit: str) -> int | None:
    """An amount in whole fen, None for what is none: no power of ten, no sign but a minus."""
    plain_cell = cell.replace(",", "").lstrip("¥￥")
    if AN_AMOUNT.fullmatch(plain_cell) is None:
        return None
    amount = Decimal(plain_cell)
    fen = amount.scaleb(2) if unit == "yuan" else amount
    return int(fen) if fen == fen.to_integral_value() else None


def _known_file(session: Session, batch_id: int, content: bytes) -> SubsidyBankReturn | None:
    query = select(SubsidyBankReturn).where(
        col(SubsidyBankReturn.batch_id) == batch_id,
        col(SubsidyBankReturn.content_digest) == sha256(content).digest(),
    )
    found: SubsidyBankReturn | None = session.execute(query).scalar_one_or_none()
    return found


def _payments(session: Session, batch_id: int) -> dict[int, Known]:
    query = select(PAYMENT.c.id, PAYMENT.c.amount_fen, PAYMENT.c.state)
    with reaching_everywhere(session):
        rows = session.execute(query.where(PAYMENT.c.batch_id == batch_id)).all()
    return {row.id: Known(row.id, row.amount_fen, row.state) for row in rows}


def _kept(
    session: Session,
    batch: SubsidyBatch,
    content: bytes,
    verdicts: Sequence[Verdict],
    **named: Any,
) -> SubsidyBankReturn:
    counted = Counter(one.told for one in verdicts)
    assert batch.id is not None, "a stored row has its key"
    return SubsidyBankReturn(
        batch_id=batch.id,
        division_code=batch.division_code,
        content_cipher=keyring().encrypt_bytes(content, RETURN_FIELD),
        content_digest=sha256(content).digest(),
        rows=len(verdicts),
        paid=counted[Told.PAID],
        failed=counted[Told.FAILED],
        came_back=counted[Told.CAME_BACK],
        repeated=counted[Told.REPEATED],
        imported_at=clock.now(),
        imported_by=actor_of(session).staff_id,
        **named,
    )


def _apply(
    session: Session,
    batch: SubsidyBatch,
    taken: SubsidyBankReturn,
    verdicts: Sequence[Verdict],
) -> None:
    assert batch.id is not None, "a stored row has its key"
    assert taken.id is not None, "a flushed row has its key"
    changed = [_change(one, taken.id) for one in verdicts if one.told in BECOMES]
    with reaching_everywhere(session):
        if changed:
            session.connection().execute(SETTLE, changed)
        draft = books.returned(
            batch.budget_id,
            taken.id,
            paid_fen=_sum(verdicts, Told.PAID),
            failed=_undone(session, verdicts, Told.FAILED),
            came_back=_undone(session, verdicts, Told.CAME_BACK),
        )
        books.enter(session, batch.division_code, draft)
        settle_runs(session, runs_of_batch(session, batch.id))
    tell_of_settled(session, [one["which"] for one in changed])
    session.refresh(batch)
    if batch.state is BatchState.SENT:
        batch.state = BatchState.RETURNED
        session.flush()


def _change(one: Verdict, return_id: int) -> dict[str, Any]:
    is_paid = one.told is Told.PAID
    return {
        "which": one.payment_id,
        "new_state": BECOMES[one.told],
        "new_settled_on": clock.today(),
        "new_code": "" if is_paid else one.row.code,
        "new_reason": "" if is_paid else one.row.reason or "银行未说明原因",
        "new_return_id": return_id,
    }


def _sum(verdicts: Sequence[Verdict], told: Told) -> int:
    return sum(one.row.amount_fen or 0 for one in verdicts if one.told is told)


def _undone(session: Session, verdicts: Sequence[Verdict], told: Told) -> books.Moved:
    """What of recoveries is owed again, since the payments it was netted from came to nothing."""
    ids = [one.payment_id for one in verdicts if one.told is told and one.payment_id]
    netted = undo_netting(session, ids) if ids else {}
    return books.Moved(_sum(verdicts, told), netted)

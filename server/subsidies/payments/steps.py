"""A batch goes on: checked by another person, sent, reconciled; or cancelled before it is sent."""

from sqlalchemy import exists, func, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.subsidies import books
from server.subsidies.errors import NeedsAnotherPerson
from server.subsidies.payments.errors import (
    BankFileMissing,
    BatchChanged,
    BatchNotSo,
    PaymentsOpen,
    StatementDiffers,
)
from server.subsidies.payments.models import (
    BatchState,
    PaymentState,
    SubsidyBankFile,
    SubsidyBatch,
    SubsidyPayment,
)
from server.subsidies.payments.running import check_questions, runs_of_batch, settle_runs
from server.subsidies.recoveries.owing import undo_netting

PAYMENT = table_of(SubsidyPayment)
BROKEN = {
    "ck_subsidy_batch_is_whole": BatchChanged(),
    "ck_subsidy_batch_not_checked_by_its_maker": NeedsAnotherPerson(),
    "ck_subsidy_batch_not_sent_by_its_checker": NeedsAnotherPerson(),
}


def check(session: Session, batch_id: int) -> SubsidyBatch:
    """Another person than its maker finds count, sum and digest right.

    Raises `BatchNotSo`, `NeedsAnotherPerson`, `BatchChanged`, `LinesInQuestion`, `NotFound`.
    """
    batch = hold_batch(session, batch_id, BatchState.DRAFT)
    with reaching_everywhere(session):
        check_questions(session, batch_id)
    with refusing(session, BROKEN):
        batch.state = BatchState.CHECKED
        batch.checked_at, batch.checked_by = clock.now(), actor_of(session).staff_id
    return batch


@all_or_nothing
def send(session: Session, batch_id: int) -> SubsidyBatch:
    """Note that the file went to the bank; from here on nothing of the batch is taken back.

    What is netted to the last fen is paid with that. Raises `BankFileMissing`, `BatchNotSo`,
    `NeedsAnotherPerson`, `BatchChanged`, `LinesInQuestion`, `NotFound`.
    """
    batch = hold_batch(session, batch_id, BatchState.CHECKED)
    with reaching_everywhere(session):
        check_questions(session, batch_id)
    has_file = exists().where(col(SubsidyBankFile.batch_id) == batch_id)
    if batch.total_fen and not session.execute(select(has_file)).scalar_one():
        raise BankFileMissing()
    with refusing(session, BROKEN):
        batch.state = BatchState.SENT
        batch.sent_at, batch.sent_by = clock.now(), actor_of(session).staff_id
    with reaching_everywhere(session):
        _settle_netted(session, batch_id)
        draft = books.sent(batch.budget_id, batch_id, batch.total_fen)
        books.enter(session, batch.division_code, draft)
    return batch


@all_or_nothing
def cancel(session: Session, batch_id: int, *, words: str) -> SubsidyBatch:
    """Give a batch up before it is sent: its lines, its budget and what it netted are free again.

    Raises `BatchNotSo`, `NotFound`.
    """
    batch = hold_batch(session, batch_id, BatchState.DRAFT, BatchState.CHECKED)
    with reaching_everywhere(session):
        ids = session.execute(
            update(PAYMENT)
            .where(PAYMENT.c.batch_id == batch_id)
            .values(state=PaymentState.CANCELLED)
            .returning(PAYMENT.c.id)
        )
        moved = books.Moved(batch.total_fen, undo_netting(session, ids.scalars().all()))
        draft = books.cancelled(batch.budget_id, batch_id, moved)
        books.enter(session, batch.division_code, draft)
    batch.state, batch.words = BatchState.CANCELLED, words.strip()
    batch.cancelled_at, batch.cancelled_by = clock.now(), actor_of(session).staff_id
    session.flush()
    return batch


def reconcile(session: Session, batch_id: int, *, statement_fen: int) -> SubsidyBatch:
    """Close a batch of which the bank has said everything, where its statement is what was paid.

    Raises `PaymentsOpen`, `StatementDiffers`, `BatchNotSo`, `NotFound`.
    """
    batch = hold_batch(session, batch_id, BatchState.SENT, BatchState.RETURNED)
    left = batch.total_fen - batch.paid_fen - batch.failed_fen
    if left:
        raise PaymentsOpen(open_fen=left)
    if statement_fen != batch.paid_fen:
        raise StatementDiffers(by_fen=statement_fen - batch.paid_fen)
    batch.state, batch.statement_fen = BatchState.RECONCILED, statement_fen
    batch.reconciled_at, batch.reconciled_by = clock.now(), actor_of(session).staff_id
    session.flush()
    return batch


def hold_batch(session: Session, batch_id: int, *states: BatchState) -> SubsidyBatch:
    """Return a batch in one of these states, held till the end; raises `BatchNotSo`, `NotFound`."""
    query = select(SubsidyBatch).where(col(SubsidyBatch.id) == batch_id)
    found: SubsidyBatch | None = session.execute(
        query.with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    if found.state not in states:
        raise BatchNotSo(state=found.state.value)
    return found


def is_as_sealed(session: Session, batch_id: int, digest: bytes | None) -> bool:
    """True where the payments and lines of a batch still have the digest of its making."""
    now = session.execute(select(func.digest_of_batch(batch_id))).scalar_one()
    return bytes(now) == bytes(digest or b"")


def _settle_netted(session: Session, batch_id: int) -> None:
    done = {"state": PaymentState.PAID, "settled_on": clock.today()}
    session.execute(
        update(PAYMENT)
        .where(PAYMENT.c.batch_id == batch_id, PAYMENT.c.amount_fen == 0)
        .values(**done)
    )
    settle_runs(session, runs_of_batch(session, batch_id))

"""The file for the bank is made once, kept byte for byte, and opened for a reason."""

from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.secrets.fields import keyring
from server.subsidies.payments.errors import BankFileMade, BankFileMissing, BatchChanged
from server.subsidies.payments.layouts import get_layout
from server.subsidies.payments.models import (
    FILE_FIELD,
    BatchState,
    SubsidyBankFile,
    SubsidyBankFileOpening,
    SubsidyBatch,
    SubsidyPayment,
)
from server.subsidies.payments.payees import account_of
from server.subsidies.payments.rules import number_of
from server.subsidies.payments.steps import hold_batch, is_as_sealed
from server.subsidies.payments.writing import Paid, write

PAYMENT = table_of(SubsidyPayment)


def make_file(
    session: Session, batch_id: int, *, layout: str, ending: str, purpose: str
) -> SubsidyBankFile:
    """Write the file of a checked batch in a bank's form, once; it stays as it is.

    Raises `BatchNotSo`, `BatchChanged`, `BankFileMade`, `BankFileMissing`, `LayoutUnknown`.
    """
    form = get_layout(layout)
    batch = hold_batch(session, batch_id, BatchState.CHECKED)
    if not is_as_sealed(session, batch_id, batch.digest):
        raise BatchChanged()
    payments = _payments(session, batch_id, purpose)
    if not payments:
        raise BankFileMissing()
    facts: dict[str, Any] = {"layout": layout, "ending": ending, "payments": len(payments)}
    facts["total_fen"] = sum(one.fen for one in payments)
    file = _kept(session, batch, write(form, ending, payments), **facts)
    with refusing(session, {"uq_subsidy_bank_file_batch_id": BankFileMade()}):
        session.add(file)
    return file


def open_file(session: Session, batch_id: int, *, reason: str) -> tuple[SubsidyBankFile, bytes]:
    """Return the file as it was made, and note who took it and why; raises `NotFound`."""
    query = select(SubsidyBankFile).where(col(SubsidyBankFile.batch_id) == batch_id)
    file: SubsidyBankFile | None = session.execute(query).scalar_one_or_none()
    if file is None or file.id is None:
        raise NotFound()
    opening = SubsidyBankFileOpening(
        file_id=file.id,
        reason=reason.strip(),
        opened_at=clock.now(),
        opened_by=actor_of(session).staff_id,
    )
    session.add(opening)
    session.flush()
    return file, keyring().decrypt_bytes(bytes(file.content_cipher), FILE_FIELD)


def _kept(session: Session, batch: SubsidyBatch, content: bytes, **facts: Any) -> SubsidyBankFile:
    assert batch.id is not None, "a stored row has its key"
    return SubsidyBankFile(
        batch_id=batch.id,
        division_code=batch.division_code,
        content_cipher=keyring().encrypt_bytes(content, FILE_FIELD),
        content_digest=sha256(content).digest(),
        made_at=clock.now(),
        made_by=actor_of(session).staff_id,
        **facts,
    )


def _payments(session: Session, batch_id: int, purpose: str) -> list[Paid]:
    """Every payment of which something goes to the bank, in the order of their numbers."""
    query = (
        select(*PAYMENT.c)
        .where(PAYMENT.c.batch_id == batch_id, PAYMENT.c.amount_fen > 0)
        .order_by(PAYMENT.c.id)
    )
    with reaching_everywhere(session):
        rows = session.execute(query).all()
    return [
        Paid(
            number=number_of(row.id),
            holder=row.holder_name,
            bank=row.bank,
            account=account_of(row.payee_kind.value, row.account_cipher),
            fen=row.amount_fen,
            purpose=purpose,
        )
        for row in rows
    ]

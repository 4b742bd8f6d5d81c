"""Post: entries on accounts that sum to nought, once for each reference."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.ledger.errors import AmountImpossible
from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry, LedgerPosting, PostingKind

MOST_FEN = 10_000_000_000


def post(
    session: Session,
    *,
    site_id: int,
    subject: str,
    kind: PostingKind,
    reference: str,
    amounts: Mapping[AccountKind, int],
    posted_on: date,
    note: str = "",
) -> LedgerPosting:
    """Write a posting with an entry for each amount that is not nought.

    The caller holds what the subject is about, so that a reference is not posted twice; the
    database refuses at the end of the transaction whatever does not sum to nought. Raises
    `AmountImpossible` for amounts that are none.
    """
    lines = {account: fen for account, fen in amounts.items() if fen}
    if not lines or any(abs(fen) > MOST_FEN for fen in lines.values()):
        raise AmountImpossible()
    posting = LedgerPosting(
        site_id=site_id,
        kind=kind,
        reference=reference,
        posted_on=posted_on,
        posted_at=clock.now(),
        note=note,
    )
    session.add(posting)
    session.flush()
    accounts = _accounts(session, site_id, subject, list(lines))
    session.add_all(
        LedgerEntry(
            posting_id=posting.id or 0,
            account_id=accounts[account],
            site_id=site_id,
            amount_fen=fen,
        )
        for account, fen in lines.items()
    )
    session.flush()
    return posting


def _accounts(
    session: Session, site_id: int, subject: str, kinds: list[AccountKind]
) -> Mapping[AccountKind, int]:
    """Open the accounts that are not there yet, and return the number of each."""
    rows = [{"site_id": site_id, "subject": subject, "kind": kind} for kind in kinds]
    session.execute(upsert(table_of(LedgerAccount)).values(rows).on_conflict_do_nothing())
    found = session.execute(
        select(col(LedgerAccount.kind), col(LedgerAccount.id)).where(
            col(LedgerAccount.site_id) == site_id,
            col(LedgerAccount.subject) == subject,
            col(LedgerAccount.kind).in_(kinds),
        )
    ).all()
    return {row[0]: row[1] for row in found}

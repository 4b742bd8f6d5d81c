"""Post: entries on accounts that sum to nought, once for each reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.ledger.errors import AmountImpossible
from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry, LedgerPosting, PostingKind

MOST_FEN = 10_000_000_000
Account = tuple[str, AccountKind]


@dataclass(frozen=True)
class Draft:
    """What is to be posted about a subject, once under its reference."""

    subject: str
    kind: PostingKind
    reference: str
    amounts: Mapping[AccountKind, int]
    note: str = ""

    @property
    def entries(self) -> dict[Account, int]:
        """Return account → amount of what is not nought; raises `AmountImpossible`."""
        lines = {(self.subject, kind): fen for kind, fen in self.amounts.items() if fen}
        if not lines or any(abs(fen) > MOST_FEN for fen in lines.values()):
            raise AmountImpossible()
        return lines


def post(session: Session, draft: Draft, *, site_id: int, posted_on: date) -> int:
    """Write a posting with its entries, and return its number; as `post_all`."""
    return post_all(session, [draft], site_id=site_id, posted_on=posted_on)[draft.reference]


def post_all(
    session: Session, drafts: Sequence[Draft], *, site_id: int, posted_on: date
) -> Mapping[str, int]:
    """Write postings of a site with their entries; returns reference → number.

    As many statements for a thousand as for one. The caller holds what the subjects are about, so
    that a reference is not posted twice; the database refuses at the end of the transaction
    whatever does not sum to nought. Raises `AmountImpossible` for amounts that are none.
    """
    entries = {draft.reference: draft.entries for draft in drafts}
    if not entries:
        return {}
    numbers = _enter(session, drafts, site_id, posted_on)
    opened = {account for lines in entries.values() for account in lines}
    accounts = _open_accounts(session, site_id, opened)
    rows = [
        {
            "posting_id": numbers[reference],
            "account_id": accounts[account],
            "site_id": site_id,
            "amount_fen": fen,
        }
        for reference, lines in entries.items()
        for account, fen in lines.items()
    ]
    session.execute(insert(LedgerEntry), rows)
    return numbers


def _enter(
    session: Session, drafts: Sequence[Draft], site_id: int, posted_on: date
) -> Mapping[str, int]:
    now = clock.now()
    rows = [
        {
            "site_id": site_id,
            "kind": draft.kind,
            "reference": draft.reference,
            "posted_on": posted_on,
            "posted_at": now,
            "note": draft.note,
        }
        for draft in drafts
    ]
    entered = insert(LedgerPosting).returning(col(LedgerPosting.reference), col(LedgerPosting.id))
    return {row.reference: row.id for row in session.execute(entered, rows)}


def _open_accounts(session: Session, site_id: int, wanted: set[Account]) -> Mapping[Account, int]:
    """Open the accounts that are not there yet, and return the number of each."""
    by_name = sorted(wanted, key=lambda account: (account[0], account[1].value))
    rows = [{"site_id": site_id, "subject": subject, "kind": kind} for subject, kind in by_name]
    session.execute(upsert(table_of(LedgerAccount)).on_conflict_do_nothing(), rows)
    found = session.execute(
        select(col(LedgerAccount.subject), col(LedgerAccount.kind), col(LedgerAccount.id)).where(
            col(LedgerAccount.site_id) == site_id,
            col(LedgerAccount.subject).in_({subject for subject, _ in wanted}),
        )
    ).all()
    return {(row.subject, row.kind): row.id for row in found}

"""Post: entries on accounts that sum to nought, once for each reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.ledger.errors import AmountImpossible
from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry, LedgerPosting, PostingKind

MOST_FEN = 10_000_000_000
MOST_FEN_OF_AN_OFFICE = 100_000_000_000_000
Account = tuple[str, AccountKind]


@dataclass(frozen=True)
class Book:
    """Whose accounts: a site's, or an office's over a division."""

    site_id: int | None = None
    office_code: str | None = None

    @property
    def most_fen(self) -> int:
        """The largest amount that can be meant here."""
        return MOST_FEN if self.office_code is None else MOST_FEN_OF_AN_OFFICE

    def owns(self) -> ColumnElement[bool]:
        """The condition that an account is in this book."""
        if self.office_code is None:
            return col(LedgerAccount.site_id) == self.site_id
        return col(LedgerAccount.office_code) == self.office_code


@dataclass(frozen=True)
class Draft:
    """What is to be posted about a subject, once under its reference.

    `across` are amounts on accounts of other subjects, where one step touches several.
    """

    subject: str
    kind: PostingKind
    reference: str
    amounts: Mapping[AccountKind, int]
    note: str = ""
    across: Mapping[Account, int] = field(default_factory=dict)

    @property
    def entries(self) -> dict[Account, int]:
        """Return account → amount of what is not nought; raises `AmountImpossible`."""
        own = {(self.subject, kind): fen for kind, fen in self.amounts.items()}
        lines = {account: fen for account, fen in {**own, **self.across}.items() if fen}
        if not lines:
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
    return _post(session, drafts, Book(site_id=site_id), posted_on)


def post_in_office(
    session: Session, drafts: Sequence[Draft], *, office_code: str, posted_on: date
) -> Mapping[str, int]:
    """As `post_all`, in the books of an office over a division."""
    return _post(session, drafts, Book(office_code=office_code), posted_on)


def _post(
    session: Session, drafts: Sequence[Draft], book: Book, posted_on: date
) -> Mapping[str, int]:
    entries = {draft.reference: draft.entries for draft in drafts}
    if not entries:
        return {}
    if any(abs(fen) > book.most_fen for lines in entries.values() for fen in lines.values()):
        raise AmountImpossible()
    numbers = _enter(session, drafts, book, posted_on)
    opened = {account for lines in entries.values() for account in lines}
    accounts = _open_accounts(session, book, opened)
    rows = [
        {
            **vars(book),
            "posting_id": numbers[reference],
            "account_id": accounts[account],
            "amount_fen": fen,
        }
        for reference, lines in entries.items()
        for account, fen in lines.items()
    ]
    session.execute(insert(LedgerEntry), rows)
    return numbers


def _enter(
    session: Session, drafts: Sequence[Draft], book: Book, posted_on: date
) -> Mapping[str, int]:
    now = clock.now()
    rows = [
        {
            **vars(book),
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


def _open_accounts(session: Session, book: Book, wanted: set[Account]) -> Mapping[Account, int]:
    """Open the accounts that are not there yet, and return the number of each."""
    by_name = sorted(wanted, key=lambda account: (account[0], account[1].value))
    rows = [{**vars(book), "subject": subject, "kind": kind} for subject, kind in by_name]
    session.execute(upsert(table_of(LedgerAccount)).on_conflict_do_nothing(), rows)
    found = session.execute(
        select(col(LedgerAccount.subject), col(LedgerAccount.kind), col(LedgerAccount.id)).where(
            book.owns(),
            col(LedgerAccount.subject).in_({subject for subject, _ in wanted}),
        )
    ).all()
    return {(row.subject, row.kind): row.id for row in found}

"""Balances and what made them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry, LedgerPosting


def balances_of(session: Session, site_id: int, subject: str) -> Mapping[AccountKind, int]:
    """Return the balance of each kind of account in fen; nought where nothing was posted."""
    rows = session.execute(
        select(col(LedgerAccount.kind), func.sum(col(LedgerEntry.amount_fen)))
        .join(LedgerEntry, col(LedgerEntry.account_id) == col(LedgerAccount.id))
        .where(col(LedgerAccount.site_id) == site_id, col(LedgerAccount.subject) == subject)
        .group_by(col(LedgerAccount.kind))
    ).all()
    found: dict[AccountKind, int] = defaultdict(int)
    found.update({kind: int(amount) for kind, amount in rows})
    return found


def balances_of_office(
    session: Session, office_code: str, subjects: Collection[str]
) -> Mapping[AccountKind, int]:
    """Return the balances of an office's books by kind, these subjects together."""
    rows = session.execute(
        select(col(LedgerAccount.kind), func.sum(col(LedgerEntry.amount_fen)))
        .join(LedgerEntry, col(LedgerEntry.account_id) == col(LedgerAccount.id))
        .where(
            col(LedgerAccount.office_code) == office_code,
            col(LedgerAccount.subject).in_(subjects),
        )
        .group_by(col(LedgerAccount.kind))
    ).all()
    found: dict[AccountKind, int] = defaultdict(int)
    found.update({kind: int(amount) for kind, amount in rows})
    return found


def balances_by_subject(
    session: Session, site_id: int, kind: AccountKind, subjects: Collection[str]
) -> Mapping[str, int]:
    """Return subject → balance in fen of one kind of account; nought where nothing was posted."""
    rows = session.execute(
        select(col(LedgerAccount.subject), func.sum(col(LedgerEntry.amount_fen)))
        .join(LedgerEntry, col(LedgerEntry.account_id) == col(LedgerAccount.id))
        .where(
            col(LedgerAccount.site_id) == site_id,
            col(LedgerAccount.kind) == kind,
            col(LedgerAccount.subject).in_(subjects),
        )
        .group_by(col(LedgerAccount.subject))
    ).all()
    found: dict[str, int] = defaultdict(int)
    found.update({subject: int(amount) for subject, amount in rows})
    return found


def list_entries(session: Session, site_id: int, subject: str) -> Sequence[Row[Any]]:
    """Return what was posted, entry by entry, the oldest first.

    (posting_id, posted_on, posting_kind, reference, note, account_kind, amount_fen).
    """
    return session.execute(
        select(
            col(LedgerPosting.id).label("posting_id"),
            col(LedgerPosting.posted_on),
            col(LedgerPosting.kind).label("posting_kind"),
            col(LedgerPosting.reference),
            col(LedgerPosting.note),
            col(LedgerAccount.kind).label("account_kind"),
            col(LedgerEntry.amount_fen),
        )
        .join(LedgerEntry, col(LedgerEntry.posting_id) == col(LedgerPosting.id))
        .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerEntry.account_id))
        .where(col(LedgerAccount.site_id) == site_id, col(LedgerAccount.subject) == subject)
        .order_by(col(LedgerPosting.id), col(LedgerEntry.id))
    ).all()


def find_posting(session: Session, reference: str) -> LedgerPosting | None:
    """Return what was posted under a reference, None where nothing was."""
    query = select(LedgerPosting).where(col(LedgerPosting.reference) == reference)
    posting: LedgerPosting | None = session.execute(query).scalar_one_or_none()
    return posting


def count_postings(session: Session, beginning: str) -> int:
    """Return how many postings have a reference that begins so."""
    query = select(func.count()).where(
        col(LedgerPosting.reference).startswith(beginning, autoescape=True)
    )
    return int(session.execute(query).scalar_one())


def sum_posted(session: Session, beginning: str, kind: AccountKind) -> int:
    """Return what postings whose reference begins so moved together on accounts of a kind."""
    query = (
        select(func.coalesce(func.sum(col(LedgerEntry.amount_fen)), 0))
        .join(LedgerPosting, col(LedgerPosting.id) == col(LedgerEntry.posting_id))
        .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerEntry.account_id))
        .where(
            col(LedgerPosting.reference).startswith(beginning, autoescape=True),
            col(LedgerAccount.kind) == kind,
        )
    )
    return int(session.execute(query).scalar_one())


def find_amount(session: Session, reference: str, kind: AccountKind) -> int | None:
    """Return what a posting moved on accounts of a kind, None where nothing was posted."""
    query = (
        select(func.sum(col(LedgerEntry.amount_fen)))
        .join(LedgerPosting, col(LedgerPosting.id) == col(LedgerEntry.posting_id))
        .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerEntry.account_id))
        .where(col(LedgerPosting.reference) == reference, col(LedgerAccount.kind) == kind)
    )
    found = session.execute(query).scalar_one()
    return None if found is None else int(found)

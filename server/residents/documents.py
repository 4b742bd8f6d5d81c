"""Documents of people without a mainland ID number: each is one person's, and finds that person."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlmodel import Session, col

from server.db.refusals import refusing
from server.errors import NotFound
from server.residents import register, rules
from server.residents.errors import DocumentKnown
from server.residents.models import DOCUMENT_FIELD, DocumentKind, IdentityDocument
from server.residents.presence import check_still_here
from server.secrets.fields import keyring

KNOWN = {"uq_identity_document_number": DocumentKnown()}


def note_document(
    session: Session,
    resident_id: int,
    *,
    kind: DocumentKind,
    number: str,
    expires_on: date | None = None,
) -> IdentityDocument:
    """Note a document by which the resident is known.

    Raises `NotFound`, `ResidentGone`, `DocumentNumberUnusable`, and `DocumentKnown` where somebody
    has it already.
    """
    register.get_in_reach(session, resident_id)
    check_still_here(session, resident_id)
    document = IdentityDocument(resident_id=resident_id, kind=kind, expires_on=expires_on)
    with refusing(session, KNOWN):
        _write_number(document, rules.read_document(kind, number))
        session.add(document)
    return document


def correct_document(
    session: Session,
    resident_id: int,
    document_id: int,
    *,
    kind: DocumentKind,
    number: str | None,
    expires_on: date | None = None,
) -> None:
    """Put right what was noted wrongly; a number of None stays. Raises as `note_document` does."""
    register.get_in_reach(session, resident_id)
    document = get_document(session, resident_id, document_id)
    checked = rules.read_document(kind, number or number_of(document))
    with refusing(session, KNOWN):
        document.kind, document.expires_on = kind, expires_on
        _write_number(document, checked)


def remove_document(session: Session, resident_id: int, document_id: int) -> None:
    """Take out a document that is not this person's; raises `NotFound`."""
    register.get_in_reach(session, resident_id)
    get_document(session, resident_id, document_id)
    session.execute(delete(IdentityDocument).where(col(IdentityDocument.id) == document_id))


def list_documents(session: Session, resident_id: int) -> Sequence[IdentityDocument]:
    """Return the resident's documents in the order in which they were noted."""
    query = select(IdentityDocument).where(col(IdentityDocument.resident_id) == resident_id)
    return session.execute(query.order_by(col(IdentityDocument.id))).scalars().all()


def get_document(session: Session, resident_id: int, document_id: int) -> IdentityDocument:
    """Return one of `list_documents`; raises `NotFound`."""
    document: IdentityDocument | None = session.execute(
        select(IdentityDocument).where(
            col(IdentityDocument.id) == document_id,
            col(IdentityDocument.resident_id) == resident_id,
        )
    ).scalar_one_or_none()
    if document is None:
        raise NotFound()
    return document


def number_of(document: IdentityDocument) -> str:
    """Return the number of a document; its reader has opened the file."""
    return keyring().decrypt(bytes(document.number_cipher), DOCUMENT_FIELD)


def _write_number(document: IdentityDocument, number: str) -> None:
    """Where the number is the same, its seal stays."""
    digest = keyring().digest(number, DOCUMENT_FIELD)
    if document.number_digest is None or bytes(document.number_digest) != digest:
        document.number_cipher = keyring().encrypt(number, DOCUMENT_FIELD)
        document.number_digest = digest

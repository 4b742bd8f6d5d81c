"""Files that are there, what is in them, and pictures that look alike."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, cast, func, select
from sqlalchemy.dialects.postgresql import BIT
from sqlmodel import Session, col

from server.files.models import CONTENT_FIELD, File, FileContent, FilePurpose
from server.secrets.fields import keyring

# Of 64 bits; the same picture, saved again or made smaller, differs in no more than a few.
ALIKE_WITHIN = 6


def find_photo(session: Session, resident_id: int) -> Row[Any] | None:
    """Return (id, media_type, uploaded_at) of the resident's present photo, None without one."""
    return session.execute(
        select(col(File.id), col(File.media_type), col(File.uploaded_at)).where(
            col(File.resident_id) == resident_id,
            col(File.purpose) == FilePurpose.RESIDENT_PHOTO,
            col(File.removed_at).is_(None),
        )
    ).one_or_none()


def find_portrait(session: Session, staff_id: int) -> Row[Any] | None:
    """Return (id, media_type, uploaded_at) of the present portrait, None without one."""
    return session.execute(
        select(col(File.id), col(File.media_type), col(File.uploaded_at)).where(
            col(File.staff_id) == staff_id, col(File.removed_at).is_(None)
        )
    ).one_or_none()


def find_content(session: Session, file_id: int) -> bytes | None:
    """Return what is in a file, None where it was removed or the actor may not know it."""
    sealed = session.execute(
        select(col(FileContent.content_cipher)).where(col(FileContent.file_id) == file_id)
    ).scalar_one_or_none()
    return None if sealed is None else keyring().decrypt_bytes(bytes(sealed), CONTENT_FIELD)


def find_alike(
    session: Session, perceptual_hash: int, *, within: int = ALIKE_WITHIN, limit: int = 20
) -> Sequence[Row[Any]]:
    """Return (id, resident_id, purpose, distance) of pictures alike in the city, nearest first.

    `distance` is how many of 64 bits differ. Every hash is looked at: some 0.5 s for a million.
    """
    differing = col(File.perceptual_hash).op("#")(cast(perceptual_hash, BigInteger))
    distance = func.bit_count(cast(differing, BIT(64)))
    return session.execute(
        select(
            col(File.id),
            col(File.resident_id),
            col(File.purpose),
            distance.label("distance"),
        )
        .where(col(File.perceptual_hash).is_not(None), distance <= within)
        .order_by(distance, col(File.id))
        .limit(limit)
    ).all()

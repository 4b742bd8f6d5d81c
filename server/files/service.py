"""Keep a file, put one in another's place, and remove what is in one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.files import images
from server.files.errors import PhotoJustReplaced
from server.files.models import CONTENT_FIELD, File, FileContent, FileKind, FilePurpose
from server.secrets.fields import keyring


def keep_image(
    session: Session,
    content: bytes,
    *,
    kind: FileKind,
    purpose: FilePurpose,
    **whose: Any,
) -> File:
    """Keep a picture, made anew: upright, at most 1600 points a side, without place or device.

    `whose` are the `resident_id`, `site_id` and `staff_id` it is of. Raises `ImageUnusable` for
    anything that is no whole JPEG, PNG or WebP.
    """
    picture = images.read_picture(content)
    return keep_picture(session, picture, kind=kind, purpose=purpose, **whose)


def keep_picture(
    session: Session,
    picture: images.Picture,
    *,
    kind: FileKind = FileKind.PHOTO,
    purpose: FilePurpose,
    **whose: Any,
) -> File:
    """As `keep_image`, of a picture that was read already."""
    act_id = actor_of(session).act_id
    assert act_id is not None, "a writing transaction has its act"
    file = File(
        kind=kind,
        purpose=purpose,
        media_type=picture.media_type,
        byte_count=len(picture.content),
        sha256=picture.sha256,
        perceptual_hash=picture.perceptual_hash,
        uploaded_at=clock.now(),
        uploaded_by_act_id=act_id,
        **whose,
    )
    session.add(file)
    session.flush()
    assert file.id is not None, "a flushed row has its key"
    sealed = keyring().encrypt_bytes(picture.content, CONTENT_FIELD)
    session.add(FileContent(file_id=file.id, content_cipher=sealed))
    session.flush()
    return file


def replace_photo(session: Session, resident_id: int, content: bytes) -> File:
    """Keep the picture as the resident's only photo; what was in the one before is deleted.

    Raises `ImageUnusable`, and `PhotoJustReplaced` where somebody else did so in that moment.
    """
    with refusing(session, {"uq_file_one_photo": PhotoJustReplaced()}):
        remove_photo(session, resident_id)
        return keep_image(
            session,
            content,
            kind=FileKind.PHOTO,
            purpose=FilePurpose.RESIDENT_PHOTO,
            resident_id=resident_id,
        )


def remove_photo(session: Session, resident_id: int) -> bool:
    """Delete what is in the resident's photo, if there is one; its hashes and acts stay."""
    of_theirs = col(File.resident_id) == resident_id
    return _remove(session, of_theirs & (col(File.purpose) == FilePurpose.RESIDENT_PHOTO))


def replace_portrait(session: Session, staff_id: int, content: bytes, *, site_id: int) -> File:
    """Keep a small picture as the only portrait of somebody on the staff, given by a site.

    Raises `ImageUnusable`, and `PhotoJustReplaced` where somebody else did so in that moment.
    """
    picture = images.read_picture(content, longest_side=images.PORTRAIT_SIDE)
    with refusing(session, {"uq_file_one_portrait": PhotoJustReplaced()}):
        remove_portrait(session, staff_id)
        purpose = FilePurpose.STAFF_PHOTO
        return keep_picture(session, picture, purpose=purpose, site_id=site_id, staff_id=staff_id)


def remove_portrait(session: Session, staff_id: int) -> bool:
    """Delete what is in the portrait, if there is one; its hashes and acts stay."""
    return _remove(session, col(File.staff_id) == staff_id)


def _remove(session: Session, which: ColumnElement[bool]) -> bool:
    removed = session.execute(
        update(File)
        .where(which, col(File.removed_at).is_(None))
        .values(removed_at=_removed_now())
        .returning(col(File.id))
    ).scalars()
    ids = list(removed)
    session.execute(delete(FileContent).where(col(FileContent.file_id).in_(ids)))
    return bool(ids)


def remove_file(session: Session, file_id: int) -> None:
    """Delete what is in a file; its hashes and acts stay. Removing twice is harmless."""
    session.execute(
        update(File)
        .where(col(File.id) == file_id, col(File.removed_at).is_(None))
        .values(removed_at=_removed_now())
    )
    session.execute(delete(FileContent).where(col(FileContent.file_id) == file_id))


def _removed_now() -> ColumnElement[datetime]:
    """Now, or the upload's instant where somebody's newer file was waited for meanwhile."""
    return func.greatest(clock.now(), col(File.uploaded_at))

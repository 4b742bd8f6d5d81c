"""The photo that was taken when a visit ended, and the faces of those who come.

No person is to be seen on the photo of a visit: it shows the work. It may come long after the
leaving, which is taken without it; the device names the leaving by the key it gave it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, select, update
from sqlmodel import Session, col

from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.files import service
from server.files.errors import PhotoThere
from server.files.images import Picture, read_picture
from server.files.models import File, FilePurpose
from server.homecare.visits.closing import GUARD
from server.homecare.visits.errors import MonthIsClosed
from server.homecare.visits.models import CareVisit, VisitProof
from server.homecare.visits.proving import hold_visits
from server.homecare.visits.roster import list_workers


def keep_visit_photo(session: Session, leaving_key: str, content: bytes) -> None:
    """Keep what the worker photographed when leaving; the same picture again is as good as once.

    Raises `NotFound`, `ImageUnusable`, `PhotoThere`, `MonthIsClosed`.
    """
    visit = _left_by(session, leaving_key)
    picture = read_picture(content)
    kept = _kept(session, visit.id or 0)
    if kept is not None:
        return _check_same(kept, picture)
    with refusing(session, {GUARD: MonthIsClosed(month=f"{visit.service_on:%Y-%m}")}):
        _put(session, visit, picture)
    return None


def find_visit_photo(session: Session, visit_id: int) -> int | None:
    """Return the file of a visit's photo, as far as the actor may know of the visit."""
    return session.execute(
        select(col(VisitProof.photo_file_id)).where(
            col(VisitProof.visit_id) == visit_id, col(VisitProof.superseded_at).is_(None)
        )
    ).scalar_one_or_none()


def get_portrait(
    session: Session, file_id: int, resident_ids: Sequence[int], *, first: date, last: date
) -> Row[Any]:
    """Return (id, media_type) of the portrait of somebody who comes to these people in those days.

    Raises `NotFound`, also for whoever comes to others alone.
    """
    comes = exists().where(
        col(CareVisit.worker_id) == col(File.staff_id),
        col(CareVisit.resident_id).in_(resident_ids),
        col(CareVisit.service_on).between(first, last),
    )
    row = session.execute(
        select(col(File.id), col(File.media_type)).where(
            col(File.id) == file_id,
            col(File.purpose) == FilePurpose.STAFF_PHOTO,
            col(File.removed_at).is_(None),
            comes,
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_portraits(session: Session, worker_ids: Sequence[int]) -> set[int]:
    """Return whose faces are shown, among these."""
    there = select(col(File.staff_id)).where(
        col(File.staff_id).in_(worker_ids), col(File.removed_at).is_(None)
    )
    return set(session.execute(there).scalars())


def put_portrait(
    session: Session, site_ids: Sequence[int], worker_id: int, content: bytes, *, on: date
) -> File:
    """Keep a portrait of a care worker of these sites; the one before is deleted.

    Raises `NotFound`, `ImageUnusable`, `PhotoJustReplaced`.
    """
    site_id = get_site_of(session, site_ids, worker_id, on)
    return service.replace_portrait(session, worker_id, content, site_id=site_id)


def remove_portrait(session: Session, site_ids: Sequence[int], worker_id: int, *, on: date) -> None:
    """Show a care worker's face no more. Raises `NotFound`."""
    get_site_of(session, site_ids, worker_id, on)
    service.remove_portrait(session, worker_id)


def get_site_of(session: Session, site_ids: Sequence[int], worker_id: int, on: date) -> int:
    """Return at which of these sites somebody is a care worker on a day; raises `NotFound`."""
    for row in list_workers(session, site_ids, on=on):
        if row.worker_id == worker_id:
            return int(row.site_id)
    raise NotFound()


def _left_by(session: Session, leaving_key: str) -> CareVisit:
    """The worker's own visit, locked, so that of two pictures one is first."""
    of_key = select(col(VisitProof.visit_id)).where(
        col(VisitProof.leaving_key) == leaving_key,
        col(VisitProof.worker_id) == actor_of(session).staff_id,
    )
    visit_id = session.execute(of_key).scalar_one_or_none() or 0
    visit = hold_visits(session, [visit_id]).get(visit_id)
    if visit is None:
        raise NotFound()
    return visit


def _kept(session: Session, visit_id: int) -> bytes | None:
    of_visit = (
        select(col(File.sha256))
        .join(VisitProof, col(VisitProof.photo_file_id) == col(File.id))
        .where(col(VisitProof.visit_id) == visit_id)
        .order_by(col(File.id))
        .limit(1)
    )
    return session.execute(of_visit).scalar_one_or_none()


def _check_same(kept: bytes, picture: Picture) -> None:
    if bytes(kept) != picture.sha256:
        raise PhotoThere()


def _put(session: Session, visit: CareVisit, picture: Picture) -> None:
    """A correction that came before the photo has it too."""
    file = service.keep_picture(
        session,
        picture,
        purpose=FilePurpose.VISIT_PHOTO,
        resident_id=visit.resident_id,
        site_id=visit.site_id,
    )
    session.execute(
        update(VisitProof)
        .where(col(VisitProof.visit_id) == visit.id)
        .values(photo_file_id=file.id),
        execution_options={"synchronize_session": False},
    )

"""Pictures of rooms before and after, each with place and time, held against all of the city's."""

from sqlalchemy import text
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.files.models import File, FileKind, FilePurpose
from server.files.service import keep_image
from server.homecare.lives import FILE, RUN
from server.homecare.renovations.knowing import hold_still
from server.homecare.renovations.models import PhotoPhase, Renovation, RenovationPhoto, Room
from server.homecare.renovations.states import RenovationState
from server.homecare.renovations.steps import check_office, check_state
from server.policies.queries import get_figures

# How many bits of two pictures' hashes may differ is said once, with the checks on visits.
PHOTO_BITS = "home_checks.photo_bits"
# Pictures taken by the office that looks, and by the contractor that builds.
TAKEN = {
    PhotoPhase.BEFORE: (FILE, RenovationState.SURVEY),
    PhotoPhase.AFTER: (RUN, RenovationState.BUILDING),
}
LIKE = text("SELECT picture_like(:file, :bits)")


@all_or_nothing
def add_photo(
    session: Session,
    renovation_id: int,
    content: bytes,
    *,
    phase: PhotoPhase,
    room: Room,
    x: float,
    y: float,
    accuracy_m: int = 0,
) -> RenovationPhoto:
    """Keep a picture of a room; the first one of a survey says where the home is.

    A picture that the city has seen before is kept, with the other one beside it, and keeps the
    next step from being taken. Raises `ImageUnusable`, `RenovationNotSo`, `NotAllowed`, `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    permission, state = TAKEN[phase]
    check_office(session, renovation, permission)
    check_state(renovation, state)
    if renovation.x is None:
        renovation.x, renovation.y = x, y
    file = _kept(session, renovation, content, phase)
    bits = get_figures(session, [PHOTO_BITS], on=clock.today())[PHOTO_BITS].value
    like = session.connection().execute(LIKE, {"file": file.id, "bits": bits}).scalar_one()
    photo = RenovationPhoto(
        renovation_id=renovation_id,
        phase=phase,
        room=room,
        file_id=file.id or 0,
        recorded_at=clock.now(),
        staff_id=actor_of(session).staff_id,
        x=x,
        y=y,
        accuracy_m=accuracy_m,
        like_file_id=like,
    )
    session.add(photo)
    session.flush()
    return photo


@all_or_nothing
def take_out(session: Session, renovation_id: int, photo_id: int) -> None:
    """Leave a picture aside: it is kept, and counts no longer. Raises what `add_photo` raises."""
    renovation = hold_still(session, renovation_id)
    query = select(RenovationPhoto).where(
        col(RenovationPhoto.id) == photo_id,
        col(RenovationPhoto.renovation_id) == renovation_id,
        col(RenovationPhoto.superseded_at).is_(None),
    )
    photo = session.exec(query).one_or_none()
    if photo is None:
        raise NotFound()
    permission, state = TAKEN[photo.phase]
    check_office(session, renovation, permission)
    check_state(renovation, state)
    photo.superseded_at = clock.now()
    session.flush()


def _kept(session: Session, renovation: Renovation, content: bytes, phase: PhotoPhase) -> File:
    return keep_image(
        session,
        content,
        kind=FileKind.PHOTO,
        purpose=FilePurpose.RENOVATION_PHOTO,
        resident_id=renovation.resident_id,
        site_id=renovation.site_id if phase is PhotoPhase.AFTER else None,
    )

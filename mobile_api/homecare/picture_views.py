"""What can be seen of care at home: the face of who comes, and the photo of the work."""

from datetime import timedelta

from flask import Response
from sqlmodel import Session

from mobile_api.homecare.care_views import DAYS_AHEAD, DAYS_BACK
from server import clock
from server.homecare.visits import queries
from server.homecare.visits.photos import find_visit_photo, get_portrait
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads
from server.web.blueprints import StrictBlueprint
from server.web.pictures import PICTURE, private_picture

blueprint = StrictBlueprint(
    "care_pictures", __name__, url_prefix="/v1/care-visits", description="Faces and photos."
)


@blueprint.get("/portraits/<int:file_id>")
@reads("homecare.see-care")
@blueprint.response(200, **PICTURE)
@blueprint.doc(operationId="getWorkerPortrait")
def get_worker_portrait(*, file_id: int, session: Session) -> Response:
    """Show the face of a care worker to those to whom she comes"""
    today = clock.today()
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    residents = residents_within(session, HelperScope.SEE_VISITS)
    portrait = get_portrait(session, file_id, residents, first=first, last=last)
    return private_picture(session, portrait.id)


@blueprint.get("/<int:visit_id>/photo")
@reads("homecare.see-care")
@blueprint.response(200, **PICTURE)
@blueprint.doc(operationId="getVisitPhoto")
def get_visit_photo(*, visit_id: int, session: Session) -> Response:
    """Show the photo that was taken when a visit ended"""
    visit = queries.get_visit(session, visit_id)
    check_may(session, visit.resident_id, HelperScope.SEE_VISITS)
    return private_picture(session, find_visit_photo(session, visit_id))

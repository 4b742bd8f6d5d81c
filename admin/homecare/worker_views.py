"""The provider's care workers with their faces, and the photos they took of their work."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.homecare.reading import KEEP, SEE, own_sites
from admin.pages import page
from admin.pictures import sent_picture
from server import clock
from server.errors import DomainError
from server.files.queries import find_portrait
from server.homecare.visits import photos, queries
from server.homecare.visits.roster import list_workers
from server.web.access import reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_workers", __name__, url_prefix="/care/workers", template_folder="templates"
)


@blueprint.get("")
@reads(KEEP)
def list_faces(*, session: Session) -> str:
    """Everybody whom the provider may send today, with her portrait."""
    return _page(session)


@blueprint.get("/<int:staff_id>/portrait")
@reads(SEE)
def show_portrait(*, staff_id: int, session: Session) -> Response:
    """The portrait itself, to whoever may see visits of hers."""
    portrait = find_portrait(session, staff_id)
    return private_picture(session, portrait.id if portrait else None)


@blueprint.get("/photos/<int:visit_id>")
@reads(SEE)
def show_visit_photo(*, visit_id: int, session: Session) -> Response:
    """The photo that was taken when a visit ended."""
    queries.get_visit(session, visit_id)
    return private_picture(session, photos.find_visit_photo(session, visit_id))


@blueprint.post("/<int:staff_id>/portrait")
@submits(KEEP)
def put_portrait(*, staff_id: int, session: Session) -> Any:
    """Keep a new portrait; what was in the one before is deleted."""
    sites, today = own_sites(session), clock.today()
    photos.get_site_of(session, sites, staff_id, today)
    try:
        photos.put_portrait(session, sites, staff_id, sent_picture(), on=today)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_faces"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:staff_id>/portrait/removal")
@submits(KEEP)
def remove_portrait(*, staff_id: int, session: Session) -> Any:
    """Show her face no more, and delete what is in the picture."""
    photos.remove_portrait(session, own_sites(session), staff_id, on=clock.today())
    return redirect(url_for(".list_faces"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    workers = list_workers(session, own_sites(session), on=clock.today())
    names = {row.worker_id: row.name for row in workers}
    shown = photos.list_portraits(session, list(names))
    return page(session, "admin/homecare/workers.html", names=names, shown=shown, **facts)

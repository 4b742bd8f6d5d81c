"""照片: what everybody may see of a site."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.pictures import sent_picture
from admin.providers.reading import KEEP, PERMISSION, kept_site, register_reach, site_page
from admin.providers.site_forms import CaptionForm
from server.errors import DomainError, NotFound
from server.files.queries import find_content
from server.i18n.catalogues import gettext as _
from server.providers.queries import get_photo_file, get_site, list_photos
from server.providers.rules import MOST_PHOTOS
from server.providers.service import add_photo, remove_photo
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "site_photos", __name__, url_prefix="/providers/sites/<int:site_id>/photos",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads(PERMISSION)
def show_photos(*, site_id: int, session: Session) -> str:
    """All photos of the site, in the order of showing."""
    return _page(session, site_id)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def export_photos(*, site_id: int, ending: str, session: Session) -> Response:
    """The list of the photos as a file: what each shows, and where everybody can see it."""
    reach = register_reach(session)
    site = get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    cells = (
        [place, photo.caption, urljoin(request.host_url, f"/api/v1/sites/photos/{photo.file_id}")]
        for place, photo in enumerate(list_photos(session, site_id), start=1)
    )
    headings = [_("Number"), _("What it shows"), _("Address of the picture")]
    title = _("Photos")
    return export(ending, f"{site.name}-{title}", headings, cells)


@blueprint.get("/<int:file_id>")
@reads(PERMISSION)
def show_photo(*, site_id: int, file_id: int, session: Session) -> Response:
    """A photo itself."""
    reach = register_reach(session)
    site = get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    kept = get_photo_file(session, file_id, site_id=site.id)
    content = find_content(session, file_id)
    if content is None:
        raise NotFound()
    return Response(content, mimetype=kept.media_type)


@blueprint.post("")
@submits(KEEP)
def put_photo(*, site_id: int, session: Session) -> Any:
    """Show one more photo."""
    kept_site(session, site_id, KEEP)
    values, errors = submitted(CaptionForm)
    if errors:
        return _page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        add_photo(session, site_id, sent_picture(), **values)
    except DomainError as refusal:
        return _page(session, site_id, refusal=refusal), STATUS[refusal.kind]
    return _back(site_id)


@blueprint.post("/<int:photo_id>/removal")
@submits(KEEP)
def take_out_photo(*, site_id: int, photo_id: int, session: Session) -> Any:
    """Show a photo no more, and delete what is in it."""
    kept_site(session, site_id, KEEP)
    remove_photo(session, site_id, photo_id)
    return _back(site_id)


def _page(session: Session, site_id: int, **given: Any) -> str:
    facts = {"tab": "photos", "photos": list_photos(session, site_id), "most": MOST_PHOTOS}
    return site_page(session, site_id, "admin/providers/site_photos.html", **facts, **given)


def _back(site_id: int) -> Any:
    return redirect(url_for("site_photos.show_photos", site_id=site_id), HTTPStatus.SEE_OTHER)

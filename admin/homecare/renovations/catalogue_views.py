"""改造目录: what may be put up, and up to which price, from a day on; the city's own data."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.homecare.renovations.forms import ItemForm
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.homecare.renovations import catalogue
from server.homecare.renovations.models import RenovationItem
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "renovation_items", __name__, url_prefix="/renovations/catalogue", template_folder="templates"
)

SEE, KEEP = "homecare.see", "homecare.keep-catalogue"


@blueprint.get("")
@reads(SEE)
def list_items(*, session: Session) -> str:
    """Every item with what holds today, and what is said for days to come."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_items(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Code"), _("Item"), _("Basic"), _("Offered"), _("Highest price, yuan"),
                _("From"), _("Document"), _("Clause")]  # fmt: skip
    rows = ([one.code, one.name_zh, _("yes") if one.is_basic else "",
             _("yes") if one.is_offered else "", in_yuan(one.ceiling_fen), one.starts_on,
             one.document, one.clause] for one in catalogue.list_history(session))  # fmt: skip
    return export(ending, _("Catalogue of renovations"), headings, rows)


@blueprint.post("")
@submits(KEEP)
def set_item(*, session: Session) -> Any:
    """Say what an item is called and may cost from a day on."""
    values, errors = submitted(ItemForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        catalogue.set_item(session, RenovationItem(**values, is_basic=False))
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("renovation_items.list_items"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/homecare/renovation_items.html",
        rows=catalogue.list_history(session),
        may_keep=may(actor_of(session), KEEP),
        today=clock.today(),
        **facts,
    )

"""The register of caregivers: filtered by the address, looked for by a form, taken along."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from sqlmodel import Session

from admin.caregivers.forms import ListFilters, SearchForm
from admin.caregivers.reading import (
    MOST_EXPORTED,
    SEE,
    filter_of,
    lacking,
    level_pairs,
    pairs,
    shown_number,
)
from admin.exports import CSV, XLSX, export
from admin.formats import masked_phone
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.caregivers import register
from server.caregivers.asking import proofs, takeovers
from server.caregivers.missing import Lack
from server.caregivers.models import Post
from server.caregivers.searching import read_search
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.web.access import noted, reads
from server.web.problems import STATUS

blueprint = Blueprint("caregivers", __name__, url_prefix="/caregivers", template_folder="templates")
LIST = "admin/caregivers/list.html"


@blueprint.get("")
@reads(SEE)
def list_caregivers(*, session: Session) -> str:
    """Those at work today, by name; what is missing in each file stands beside them."""
    filters = asked(ListFilters)
    wanted = filter_of(filters)
    most = MOST_EXPORTED if filters["missing"] else register.MOST_LISTED
    rows = register.list_caregivers(session, wanted, limit=most)
    rows, missing = lacking(session, rows, filters["missing"])
    number = len(rows) if filters["missing"] else register.count_caregivers(session, wanted)
    return _page(session, filters, rows=rows[: register.MOST_LISTED], missing=missing, found=number)


@blueprint.post("/search")
@noted
@reads(SEE)
def search(*, session: Session) -> Any:
    """Who fits, sent as a form so that no name or number stands in an address."""
    filters = ListFilters().load({})
    values, errors = submitted(SearchForm)
    if errors:
        return _page(session, filters, rows=[], missing={}, found=0, is_search=True), (
            HTTPStatus.UNPROCESSABLE_ENTITY
        )
    try:
        wanted = register.Filter(works=None, wanted=read_search(values["term"]))
    except DomainError as refusal:
        shown = _page(session, filters, rows=[], missing={}, found=0, refusal=refusal)
        return shown, STATUS[refusal.kind]
    rows = register.list_caregivers(session, wanted)
    rows, missing = lacking(session, rows, None)
    return _page(session, filters, rows=rows, missing=missing, found=len(rows), is_search=True)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_caregivers(*, ending: str, session: Session) -> Response:
    """The same as a file; numbers and phones keep their stars."""
    filters = asked(ListFilters)
    rows = register.list_caregivers(session, filter_of(filters), limit=MOST_EXPORTED)
    rows, missing = lacking(session, rows, filters["missing"])
    headings = [_("Name"), _("ID number"), _("Phone"), _("Works at"), _("Post"), _("Front line"),
                _("Full time"), _("Employed from"), _("Level"), _("Certificate until"),
                _("Missing in the file")]  # fmt: skip
    cells = (
        [row.name, shown_number(row), masked_phone(row.phone), row.works_at or "",
         word("post", row.post) if row.post else "", _yes(row.is_front_line),
         _yes(row.is_full_time), row.starts_on,
         word("skill_level", str(row.level)) if row.level else "", row.valid_until,
         "、".join(word("lack", one.code) for one in missing[row.id])]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Caregivers"), headings, cells)


def _yes(value: bool | None) -> str:
    return "" if value is None else (_("yes") if value else _("no"))


def _page(session: Session, filters: dict[str, Any], **facts: Any) -> str:
    return page(
        session,
        LIST,
        filters=filters,
        sites=[(str(one.id), one.name) for one in register.list_own_sites(session)],
        counties=[(one.code, one.name) for one in register.list_counties(session)],
        posts=pairs("post", Post),
        levels=level_pairs(),
        lacks=pairs("lack", Lack),
        in_address={name: request.args[name] for name in request.args},
        shown_number=shown_number,
        scans=len(proofs.list_waiting(session)),
        takeovers=sum(
            row.is_mine_to_answer for row in takeovers.list_takeovers(session, waiting=True)
        ),
        as_of=clock.now(),
        today=clock.today(),
        **facts,
    )

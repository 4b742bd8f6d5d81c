"""证照、等级、价格、床位核定: what stands beside a site, shown, exported, noted, put right."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.pictures import sent_picture
from admin.providers.detail_kinds import DETAILS, KINDS, PAPERS, Detail, DetailKind, as_typed
from admin.providers.reading import KEEP, PERMISSION, kept_site, register_reach, site_page
from admin.providers.site_forms import A_DAY
from admin.words import word
from server import clock
from server.errors import DomainError, NotFound
from server.facilities.models import BedKind
from server.files.queries import find_content
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.providers.details import get_detail
from server.providers.models import PaperKind, PriceItem, SitePaper
from server.providers.queries import get_site
from server.providers.service import add_scan
from server.web.access import reads, submits
from server.web.problems import STATUS

PARTS = "papers, stars, prices, licences"
blueprint = Blueprint(
    "site_details", __name__, url_prefix="/providers/sites/<int:site_id>",
    template_folder="templates",
)  # fmt: skip


@blueprint.get(f"/<any({PARTS}):part>")
@reads(PERMISSION)
def show_details(*, site_id: int, part: str, session: Session) -> str:
    """What was noted of the kind, the last first."""
    return _list_page(session, site_id, KINDS[part])


@blueprint.get(f"/<any({PARTS}):part>/export.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def export_details(*, site_id: int, part: str, ending: str, session: Session) -> Response:
    """The same rows as a file."""
    reach = register_reach(session)
    site = get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    rows = KINDS[part].all_of(session, site_id)
    headings = [_("What"), _("Number or document"), _("Given by"), _("Lowest, yuan"),
                _("Highest, yuan"), _("Licensed beds"), _("of them nursing"), _("Holds from"),
                _("Last day")]  # fmt: skip
    name = f"{site.name}-{pgettext('site-part', part)}"
    return export(ending, name, headings, (_cells(part, row) for row in rows))


@blueprint.get(f"/<any({PARTS}):part>/new")
@reads(KEEP)
def show_new(*, site_id: int, part: str, session: Session) -> str:
    """The empty form."""
    kept_site(session, site_id, KINDS[part].permission)
    return _form_page(session, site_id, KINDS[part])


@blueprint.get(f"/<any({PARTS}):part>/<int:detail_id>")
@reads(KEEP)
def show_detail(*, site_id: int, part: str, detail_id: int, session: Session) -> str:
    """The form of a row that is to be put right."""
    kind = KINDS[part]
    kept_site(session, site_id, kind.permission)
    if not isinstance(kind, Detail):
        raise NotFound()
    row = kind.get(session, site_id, detail_id)
    return _form_page(session, site_id, kind, noted=row, typed=as_typed(kind, row))


@blueprint.get("/papers/<int:paper_id>/scan")
@reads(KEEP)
def show_scan(*, site_id: int, paper_id: int, session: Session) -> Response:
    """The picture of a paper, to the site and to offices over it."""
    kept_site(session, site_id, KEEP)
    paper = get_detail(session, SitePaper, site_id, paper_id)
    content = find_content(session, paper.file_id) if paper.file_id else None
    if content is None:
        raise NotFound()
    return Response(content, mimetype="image/jpeg")


@blueprint.post("/papers/<int:paper_id>/scan")
@submits(KEEP)
def put_scan(*, site_id: int, paper_id: int, session: Session) -> Any:
    """Keep a picture of a paper; what was in the one before is deleted."""
    kept_site(session, site_id, KEEP)
    try:
        add_scan(session, site_id, paper_id, sent_picture("scan"))
    except DomainError as refusal:
        return _list_page(session, site_id, PAPERS, refusal=refusal), STATUS[refusal.kind]
    return _back(site_id, PAPERS)


def _noting(kind: DetailKind) -> Callable[..., Any]:
    @submits(kind.permission)
    def note(*, site_id: int, session: Session) -> Any:
        def do(**values: Any) -> None:
            kind.note(session, site_id, **values)

        return _done(session, site_id, kind, do)

    return note


def _correcting(kind: Detail) -> Callable[..., Any]:
    @submits(kind.permission)
    def correct(*, site_id: int, detail_id: int, session: Session) -> Any:
        def do(**values: Any) -> None:
            kind.correct(session, site_id, detail_id, **values)

        return _done(session, site_id, kind, do, detail_id)

    return correct


def _removing(kind: Detail) -> Callable[..., Any]:
    @submits(kind.permission)
    def remove(*, site_id: int, detail_id: int, session: Session) -> Any:
        kept_site(session, site_id, kind.permission)
        kind.remove(session, site_id, detail_id)
        return _back(site_id, kind)

    return remove


def _done(
    session: Session,
    site_id: int,
    kind: DetailKind,
    do: Callable[..., None],
    detail_id: int | None = None,
) -> Any:
    """Do what the form says and go back to the list, or say on the form why not."""
    kept_site(session, site_id, kind.permission)
    again: dict[str, Any] = {"typed": request.form}
    if detail_id is not None and isinstance(kind, Detail):
        again["noted"] = kind.get(session, site_id, detail_id)
    values, errors = submitted(kind.form)
    if errors:
        page = _form_page(session, site_id, kind, errors=errors, **again)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        page = _form_page(session, site_id, kind, refusal=refusal, **again)
        return page, STATUS[refusal.kind]
    return _back(site_id, kind)


def _list_page(session: Session, site_id: int, kind: DetailKind, **given: Any) -> str:
    rows = kind.all_of(session, site_id)
    facts = {"tab": kind.code, "kind": kind, "rows": rows, "today": clock.today(), **given}
    return site_page(session, site_id, "admin/providers/details.html", **facts)


def _form_page(session: Session, site_id: int, kind: DetailKind, **given: Any) -> str:
    choices = {
        "paper_kind": [(one.value, word("paper_kind", one)) for one in PaperKind],
        "price_item": [(one.value, word("price_item", one)) for one in PriceItem],
        "bed_kind": [(one.value, word("bed_kind", one)) for one in BedKind],
        "stars": [(one, word("stars", str(one))) for one in range(1, 6)],
    }
    facts = {"tab": kind.code, "kind": kind, "choices": choices, "typed": {}, "noted": None}
    return site_page(session, site_id, "admin/providers/detail_form.html", **{**facts, **given})


def _back(site_id: int, kind: DetailKind) -> Any:
    there = url_for("site_details.show_details", site_id=site_id, part=kind.code)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _cells(part: str, row: Any) -> Sequence[Any]:
    ends_on = getattr(row, "ends_on", None)
    return [
        _what(part, row),
        getattr(row, "number", None) or getattr(row, "document", None),
        getattr(row, "issuer", None),
        in_yuan(getattr(row, "lowest_fen", None)),
        in_yuan(getattr(row, "highest_fen", None)),
        getattr(row, "licensed", None),
        getattr(row, "nursing", None),
        row.starts_on,
        ends_on - A_DAY if ends_on else None,
    ]


def _what(part: str, row: Any) -> str:
    said = {
        "papers": ("paper_kind", "kind"),
        "stars": ("stars", "stars"),
        "prices": ("price_item", "item"),
        "licences": ("bed_kind", "kind"),
    }[part]
    value = getattr(row, said[1])
    return word(said[0], str(getattr(value, "value", value)))


# Each kind has an address and a name of its own, so that the history says what was noted.
for _one in KINDS.values():
    blueprint.add_url_rule(
        f"/{_one.code}/new", f"note_{_one.code}", _noting(_one), methods=["POST"]
    )
for _each in DETAILS:
    _row = f"/{_each.code}/<int:detail_id>"
    blueprint.add_url_rule(_row, f"correct_{_each.code}", _correcting(_each), methods=["POST"])
    blueprint.add_url_rule(
        f"{_row}/removal", f"remove_{_each.code}", _removing(_each), methods=["POST"]
    )

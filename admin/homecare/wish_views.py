"""What people cared for at home ask for or complain of, by when it is answered, and by whom."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.homecare.forms import HandOnForm, WishAnswerForm, WishFilters
from admin.homecare.reading import SEE, may_keep, scope
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotAllowed
from server.homecare.visits import hearing, wishes
from server.homecare.visits.models import CareWishKind
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.providers.queries import find_site_names
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_wishes", __name__, url_prefix="/care/wishes", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_wishes(*, session: Session) -> str:
    """Wishes and complaints, those whose day is nearest first."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_wishes(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Said at"), _("Kind"), _("The elder"), _("Provider"), _("In their words"),
                _("Answered by"), _("Reply"), _("Answered at")]  # fmt: skip
    cells = (
        [one.asked_at, word("care_wish", one.kind), one.resident_name, one.site_name, one.words,
         one.due_on, one.answer, one.answered_at]
        for one in _rows(session, asked(WishFilters))
    )  # fmt: skip
    return export(ending, _("Wishes and complaints"), headings, cells)


@blueprint.post("/<int:wish_id>/answer")
@submits(SEE)
def answer(*, wish_id: int, session: Session) -> Any:
    """Say what becomes of it: the provider, or the county."""
    if not (may_keep(session) or may(actor_of(session), hearing.HEAR)):
        raise NotAllowed()
    values, errors = submitted(WishAnswerForm)
    return _after(session, errors, lambda: hearing.answer_wish(session, wish_id, **values))


@blueprint.post("/<int:wish_id>/handing-on")
@submits(hearing.HEAR)
def hand_on(*, wish_id: int, session: Session) -> Any:
    """The county lets the provider answer."""
    values, errors = submitted(HandOnForm)
    words = values.get("handed_words", "")
    return _after(session, errors, lambda: hearing.hand_to_provider(session, wish_id, words=words))


def _after(session: Session, errors: dict[str, list[str]], step: Callable[[], object]) -> Any:
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        step()
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_wishes"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    filters = asked(WishFilters)
    rows = _rows(session, filters)
    sites = find_site_names(session, {row.site_id for row in rows} | _of(filters))
    return page(
        session,
        "admin/homecare/wishes.html",
        wishes=rows,
        filters=filters,
        asked_for=_in_address(filters),
        kinds=[(one.value, word("care_wish", one)) for one in CareWishKind],
        sites=[(str(number), name) for number, name in sites.items()],
        may_keep=may_keep(session),
        is_with_county=hearing.is_with_county,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _rows(session: Session, filters: dict[str, Any]) -> Any:
    return wishes.list_wishes(session, scope(session), wishes.Wanted(**filters))


def _of(filters: dict[str, Any]) -> set[int]:
    return {filters["site_id"]} if filters["site_id"] else set()


def _in_address(filters: dict[str, Any]) -> dict[str, str]:
    told = {
        "month": f"{filters['month']:%Y-%m}" if filters["month"] else None,
        "kind": filters["kind"].value if filters["kind"] else None,
        "site_id": filters["site_id"],
        "home_bed_id": filters["home_bed_id"],
        "is_late": "true" if filters["is_late"] else None,
        "is_open": "true" if filters["is_open"] else None,
    }
    return {name: str(value) for name, value in told.items() if value}

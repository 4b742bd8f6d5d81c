"""床位日报 for whoever runs a home: one button when nothing changed, five numbers when it did."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.facilities.return_forms import ReturnForm, SiteArgs
from admin.facilities.return_reading import FILE, Home, choose_home, get_home, homes_of
from admin.formats import short_day
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.facilities.errors import CountedHere
from server.facilities.models import BedKind
from server.facilities.returns.chasing import get_times
from server.facilities.returns.comparing import list_beside
from server.facilities.returns.filing import Return, correct_days, file_return, file_unchanged
from server.facilities.returns.models import ReturnSource
from server.facilities.returns.queries import list_kinds, newest_of
from server.facilities.returns.rules import Figures
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "returns", __name__, url_prefix="/facilities/returns", template_folder="templates"
)


@blueprint.get("")
@reads(FILE)
def show_return(*, session: Session) -> str:
    """Today's return of one's home, or the choice of a home."""
    wanted = asked(SiteArgs)
    homes = homes_of(session, FILE)
    home = choose_home(homes, wanted["site"])
    if home is None:
        return page(session, "admin/facilities/return_choose.html", homes=homes)
    return _page(session, home, kind=wanted["kind"], has_choice=len(homes) > 1)


@blueprint.post("/<int:site_id>/unchanged")
@submits(FILE)
def repeat(*, site_id: int, session: Session) -> Any:
    """File the same as yesterday, for all kinds of beds; tapped twice it is filed once."""
    home = get_home(session, FILE, site_id)
    try:
        _check_asked(home)
        file_unchanged(session, site_id, source=ReturnSource.CONSOLE)
    except DomainError as refusal:
        return _page(session, home, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("returns.show_return", site=site_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:site_id>")
@submits(FILE, with_reason=True)
def file(*, site_id: int, session: Session) -> Any:
    """File the numbers of a day, or correct them."""
    home = get_home(session, FILE, site_id)
    values, errors = submitted(ReturnForm)
    if errors:
        return _page(session, home, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    kind, day, reason = (values.pop(name) for name in ("kind", "day", "reason"))
    filed = Return(site_id, kind, day, Figures(**values))
    try:
        _check_asked(home)
        file_return(session, filed, source=ReturnSource.CONSOLE, reason=reason)
    except DomainError as refusal:
        return _page(session, home, kind=kind, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("returns.show_return", site=site_id, kind=kind), HTTPStatus.SEE_OTHER)


def _check_asked(home: Home) -> None:
    """Raise `CountedHere` for a home that is counted stay by stay: two figures of one day would
    only contradict each other."""
    if home.is_counted:
        raise CountedHere()


def _page(
    session: Session,
    home: Home,
    *,
    kind: BedKind | None = None,
    has_choice: bool = False,
    **facts: Any,
) -> str:
    today = clock.today()
    kinds = list_kinds(session, home.row.id)
    newest = newest_of(session, home.row.id, on=today)
    days = [today - timedelta(days=ago) for ago in range(correct_days(session) + 1)]
    return page(
        session,
        "admin/facilities/return.html",
        home=home,
        kinds=kinds,
        kind=kind or kinds[0],
        chosen_kinds=[(one.value, word("bed_kind", one)) for one in kinds],
        chosen_days=[(one.isoformat(), short_day(one)) for one in days],
        newest=newest,
        beside=list_beside(session, [row.id for row in newest.values()]),
        times=get_times(session, on=today),
        today=today,
        has_choice=has_choice,
        **{"errors": {}, "refusal": None} | facts,
    )

"""预存餐费: how much of elders' money each canteen holds, and the wallets of one."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.pages import page
from admin.wallets.forms import NoForm, WalletsForm
from admin.wallets.reading import REFUND, SEE, called, canteen_of, rights
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.wallets import queries
from server.meals.wallets.refunding import refund_everybody
from server.providers.models import OpeningState
from server.providers.queries import get_site
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("wallets", __name__, url_prefix="/meals/wallets", template_folder="templates")


@blueprint.get("")
@reads(SEE)
def list_due(*, session: Session) -> str:
    """By canteen, those that hold most first."""
    rows = _due(session)
    due_fen = sum(row.due_fen for row in rows)
    return page(session, "admin/wallets/due.html", rows=rows, due_fen=due_fen, as_of=clock.now())


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_due(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Canteen"), _("State"), _("Wallets with money"), _("Elders' money, yuan")]
    cells = (
        [row.name, word("opening_state", row.opening_state), row.wallets, in_yuan(row.due_fen)]
        for row in _due(session)
    )
    return export(ending, _("Elders' money at canteens"), headings, cells)


@blueprint.get("/<int:canteen_id>")
@reads(SEE)
def show_canteen(*, canteen_id: int, session: Session) -> str:
    """The wallets of a canteen; a name finds anybody it knows, with a wallet or without."""
    return canteen_page(session, canteen_id)


@blueprint.post("/<int:canteen_id>/search")
@noted
@reads(SEE)
def search(*, canteen_id: int, session: Session) -> Any:
    """Who fits, sent as a form so that no name stands in an address."""
    values, errors = submitted(WalletsForm)
    if errors:
        again = canteen_page(session, canteen_id, errors=errors)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    return canteen_page(session, canteen_id, search=values["search"])


@blueprint.get(f"/<int:canteen_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_canteen(*, canteen_id: int, ending: str, session: Session) -> Response:
    """The wallets of a canteen as a file: who is owed how much."""
    canteen = canteen_of(session, canteen_id, SEE)
    headings = [_("Name"), _("In the wallet, yuan"), _("Refund asked for")]
    rows = queries.list_wallets(session, canteen_id, is_filled=True)
    cells = (
        [
            called(session, row.name),
            in_yuan(row.balance_fen),
            _("yes") if row.refund_request_id else "",
        ]
        for row in rows
    )
    return export(ending, _("Wallets of {name}", name=canteen.name), headings, cells)


@blueprint.post("/<int:canteen_id>/refund")
@submits(REFUND)
def refund_all(*, canteen_id: int, session: Session) -> Any:
    """Give everybody at a canteen that closes their money back."""
    canteen_of(session, canteen_id, REFUND)
    _values, errors = submitted(NoForm)
    if errors:
        return canteen_page(session, canteen_id), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        refund_everybody(session, canteen_id)
    except DomainError as refusal:
        return canteen_page(session, canteen_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("wallets.show_canteen", canteen_id=canteen_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _due(session: Session) -> Sequence[Row[Any]]:
    reach = reach_of(actor_of(session), SEE)
    return queries.list_due(session, prefixes=reach.prefixes, site_ids=reach.site_ids)


def canteen_page(session: Session, canteen_id: int, *, search: str = "", **given: Any) -> str:
    """The wallets of a canteen as a page, with what is wrong where something was refused."""
    canteen = canteen_of(session, canteen_id, SEE)
    reach = reach_of(actor_of(session), SEE)
    site = get_site(session, canteen_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    wallets = queries.list_wallets(session, canteen_id, is_filled=True)
    return page(
        session,
        "admin/wallets/canteen.html",
        canteen=canteen,
        is_open=site.opening_state is OpeningState.OPEN,
        search=search,
        found=queries.find_diners(session, canteen_id, search) if search else (),
        wallets=wallets,
        due_fen=sum(one.balance_fen for one in wallets),
        requests=queries.list_open_requests(session, canteen_id),
        actor_staff_id=actor_of(session).staff_id,
        **rights(session),
        **given,
    )

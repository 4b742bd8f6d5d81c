"""预收资金: how much of other people's money each facility holds."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.facilities.contracts.queries import list_money_held
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.web.access import reads

SEE = "facilities.see-money"
blueprint = Blueprint("money_held", __name__, url_prefix="/money", template_folder="templates")


@blueprint.get("")
@reads(SEE)
def list_held(*, session: Session) -> str:
    """By facility, those that hold most first."""
    rows = _rows(session)
    return page(
        session,
        "admin/contracts/held.html",
        rows=rows,
        held_fen=sum(row.prepaid_fen + row.deposit_fen for row in rows),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_held(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Site"), _("Stays"), _("Paid in advance, yuan"), _("Deposits, yuan"),
                _("Owed by residents, yuan")]  # fmt: skip
    cells = (
        [
            row.name,
            row.stays,
            in_yuan(row.prepaid_fen),
            in_yuan(row.deposit_fen),
            in_yuan(row.owed_fen),
        ]
        for row in _rows(session)
    )
    return export(ending, _("Money held in advance"), headings, cells)


def _rows(session: Session) -> Sequence[Row[Any]]:
    reach = reach_of(actor_of(session), SEE)
    return list_money_held(session, prefixes=reach.prefixes, site_ids=reach.site_ids)

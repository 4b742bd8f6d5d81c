"""Payments by phone: days beside the provider's statement, what went wrong, and what is stuck."""

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.pages import page
from admin.words import word
from server import clock
from server.i18n.catalogues import gettext as _
from server.payments import queries
from server.web.access import reads

SEE = "payments.see"
MOST_DAYS, MOST_NOTICES = 62, 50
blueprint = Blueprint("payments", __name__, url_prefix="/payments", template_folder="templates")


@blueprint.get("")
@reads(SEE)
def list_days(*, session: Session) -> str:
    """The last two months by day; above them the money that neither a wallet nor a payer has."""
    return page(
        session,
        "admin/payments/days.html",
        stranded=queries.list_stranded(session, at_most=MOST_NOTICES),
        days=queries.list_days(session, at_most=MOST_DAYS),
        notices=queries.list_doubtful_notices(session, at_most=MOST_NOTICES),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_days(*, ending: str, session: Session) -> Response:
    """The same as a file, one line for each number that differs."""
    headings = [_("Day"), _("Provider"), _("Number"), _("Here, yuan"), _("Provider, yuan")]
    cells = (
        [
            day.day,
            word("payment_provider", day.provider),
            one["number"],
            in_yuan(one["our_fen"]) if one["our_fen"] is not None else "",
            in_yuan(one["their_fen"]) if one["their_fen"] is not None else "",
        ]
        for day in queries.list_days(session, at_most=MOST_DAYS)
        for one in day.differences
    )
    return export(ending, _("Payments that differ"), headings, cells)

"""What a month came to, by programme and by provider; every number opens its rows."""

from datetime import date

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.homecare.orders.forms import MonthFilters
from admin.homecare.orders.reading import SEE, last_month, scope
from admin.pages import page
from server import clock
from server.homecare.orders import queries
from server.homecare.orders.queries import OrderFilter
from server.homecare.vouchers.queries import sum_amounts
from server.i18n.catalogues import gettext as _
from server.web.access import reads

blueprint = Blueprint(
    "care_sums", __name__, url_prefix="/care/order-months", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_month(*, session: Session) -> str:
    """What was issued, used and redeemed of a month."""
    month = _month()
    within = scope(session)
    return page(
        session,
        "admin/homecare/orders/months.html",
        month=month,
        issued=sum_amounts(session, month),
        facts=queries.list_facts(session, within, month),
        counts=queries.count_orders(session, within, OrderFilter(month=month)),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_month(*, ending: str, session: Session) -> Response:
    """What was redeemed, provider by provider, as a file."""
    headings = [_("Provider"), _("Month closed at"), _("Orders"), _("People"), _("Bill (yuan)"),
                _("Bought service (yuan)"), _("Voucher (yuan)"), _("Own pay (yuan)")]  # fmt: skip
    rows = (
        [row.site_name, row.closed_at, row.orders, row.people, in_yuan(row.bill_fen),
         in_yuan(row.purchased_fen), in_yuan(row.voucher_fen), in_yuan(row.own_fen)]
        for row in queries.list_facts(session, scope(session), _month())
    )  # fmt: skip
    return export(ending, _("Redeemed service at home"), headings, rows)


def _month() -> date:
    wanted: date = asked(MonthFilters)["month"] or last_month()
    return wanted

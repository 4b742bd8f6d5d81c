"""One payment down to its lines and its other tries; and the forms that banks want."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.pages import page
from admin.subsidy_money.batch_views import shown_name
from admin.subsidy_money.reading import SEE, named, prefixes_of
from admin.words import word
from server import masking
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.subsidies.payments import queries
from server.subsidies.payments.layouts import layouts
from server.subsidies.payments.rules import number_of
from server.web.access import noted, reads

blueprint = Blueprint(
    "subsidy_payments", __name__, url_prefix="/subsidies/payments", template_folder="templates"
)


@blueprint.get("/<int:subsidy_payment_id>")
@reads(SEE)
def show_payment(*, subsidy_payment_id: int, session: Session) -> str:
    """To which account, what became of it, and every line that it pays."""
    payment, batch = _payment(session, subsidy_payment_id)
    return page(
        session,
        "admin/subsidy_money/payment.html",
        payment=payment,
        batch=batch,
        lines=queries.list_lines(session, subsidy_payment_id),
        others=queries.list_others(session, subsidy_payment_id),
        number_of=number_of,
        named=named,
        reader=current_language(),
        shown_name=shown_name,
    )


@blueprint.get(f"/<int:subsidy_payment_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_lines(*, subsidy_payment_id: int, ending: str, session: Session) -> Response:
    """The lines as a file; names masked."""
    _payment(session, subsidy_payment_id)
    headings = [_("Run"), _("Line"), _("Programme"), _("Month"), _("Who it is about"), _("Site"),
                _("Amount (yuan)")]  # fmt: skip
    cells = (
        [row.run_id, row.number, named(row, current_language()), f"{row.month:%Y-%m}",
         masking.name(row.resident_name) if row.resident_name else "", row.site_name,
         in_yuan(row.amount_fen)]
        for row in queries.list_lines(session, subsidy_payment_id)
    )  # fmt: skip
    return export(ending, number_of(subsidy_payment_id), headings, cells)


@blueprint.get("/bank-forms")
@reads(SEE)
def show_forms(*, session: Session) -> str:
    """How each bank wants its file, and by which words it answers."""
    return page(
        session,
        "admin/subsidy_money/forms.html",
        layouts=layouts(),
        is_chinese=current_language().startswith("zh"),
    )


@blueprint.get(f"/bank-forms/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_forms(*, ending: str, session: Session) -> Response:
    """The same as a file, one row for each column."""
    headings = [_("Bank"), _("Column"), _("What stands in it"), _("How far it may be trusted")]
    is_chinese = current_language().startswith("zh")
    cells = (
        [one.name.zh if is_chinese else one.name.en, column.heading,
         word("bank_column", column.value), word("bank_standing", one.standing)]
        for one in layouts().values()
        for column in one.columns
    )  # fmt: skip
    return export(ending, _("Forms of banks"), headings, cells)


def _payment(session: Session, payment_id: int) -> tuple[Any, Any]:
    payment = queries.get_payment(session, payment_id)
    return payment, queries.get_batch(session, prefixes_of(session), payment.batch_id)

"""The statement on paper: a PDF to be signed, and whether a paper says what the platform says."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from admin.exports import download
from admin.formats import age_band, count, long_day, stamp, yuan
from admin.forms import asked
from admin.meals.settlement.forms import PaperFilters
from admin.meals.settlement.list_views import SEE
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.settlement.statements import Statement, get_statement
from server.printing.papers import Check, Facts, Paper, Signatures, Table, pdf_of
from server.providers.queries import within
from server.settings import settings
from server.web.access import reads

blueprint = Blueprint(
    "meal_statement", __name__, url_prefix="/meals/settlements", template_folder="templates"
)
PDF = "application/pdf"


@blueprint.get("/<int:settlement_id>/statement.pdf")
@reads(SEE)
def print_statement(*, settlement_id: int, session: Session) -> Response:
    """The statement as a PDF; asked for again at the same stage it is the same file."""
    statement = _statement(session, settlement_id)
    row = statement.settlement
    return download(pdf_of(_paper(statement)), PDF, f"{row.site_name}-{row.month:%Y-%m}.pdf")


@blueprint.get("/<int:settlement_id>/check")
@reads(SEE)
def check_paper(*, settlement_id: int, session: Session) -> str:
    """Whether a paper with this digest says what the platform says."""
    statement = _statement(session, settlement_id)
    given = asked(PaperFilters)["digest"]
    return page(
        session,
        "admin/meals/settlement/check.html",
        settlement=statement.settlement,
        given=given,
        is_true=statement.is_told_by(given) if given else None,
    )


def _statement(session: Session, settlement_id: int) -> Statement:
    reach = reach_of(actor_of(session), SEE)
    return get_statement(session, settlement_id, within(reach.prefixes, reach.site_ids))


def _paper(statement: Statement) -> Paper:
    row = statement.settlement
    parts: list[Any] = [_head(statement), _lines(statement), _sums(statement)]
    if statement.adjustments:
        parts.append(_adjustments(statement))
    return Paper(
        title=_("Monthly settlement of meals for the elderly"),
        subtitle=_("{site}: {month}", site=row.site_name, month=f"{row.month:%Y-%m}"),
        made_on=clock.day_of(row.drawn_up_at),
        parts=[*parts, Signatures([_("Canteen (seal)"), _("County (seal)"), _("Date")])],
        check=_check(statement),
        language=current_language()[:2],
    )


def _head(statement: Statement) -> Facts:
    row = statement.settlement
    told = [
        (_("Canteen"), row.site_name),
        (_("Month"), f"{row.month:%Y-%m}"),
        (_("Drawn up"), stamp(row.drawn_up_at)),
        (_("Stage"), word("settlement_stage", row.stage)),
    ]
    for name, at in ((_("Confirmed"), row.confirmed_at), (_("Accepted"), row.accepted_at)):
        told += [(name, stamp(at))] if at else []
    if row.paid_on:
        paid = _("{day}, order {number}", day=long_day(row.paid_on), number=row.paid_number)
        told.append((_("Paid"), paid))
    return Facts(told)


def _lines(statement: Statement) -> Table:
    row = statement.settlement
    headings = [_("Meal"), _("Age"), _("Tier"), _("Meals"), _("List price"), _("Discount"),
                _("Charity"), _("Paid by eaters"), _("Subsidy")]  # fmt: skip
    cells = [
        [
            word("meal", one.meal),
            age_band(one.age_band),
            word("hardship_tier", one.tier),
            *_fens(one),
        ]
        for one in statement.lines
    ]
    together = [_("Together"), "", "", *_fens(row)]
    caption = _("Meals by time of day, age and tier")
    return Table(caption, headings, [*cells, together], words=3, sums=1)


def _fens(row: Any) -> list[str]:
    fens = (row.list_fen, row.discount_fen, row.charity_fen, row.own_pay_fen, row.subsidy_fen)
    return [count(row.meals), *(yuan(fen) for fen in fens)]


def _sums(statement: Statement) -> Table:
    row = statement.settlement
    by_rate = _("{number} person-days at {rate}", number=count(row.person_days),
                rate=yuan(row.rate_fen))  # fmt: skip
    rows = [
        [_("Subsidy of meals"), yuan(row.subsidy_fen)],
        [f"{_('Operating subsidy')} · {by_rate}", yuan(row.operation_fen)],
        [_("Settlement adjustments"), yuan(row.adjustment_fen)],
        [_("The city owes"), yuan(row.owed_fen)],
    ]
    return Table(_("What the city owes"), ["", _("Amount")], rows, sums=1)


def _adjustments(statement: Statement) -> Table:
    rows = [[one.reason, yuan(one.amount_fen)] for one in statement.adjustments]
    return Table(_("Settlement adjustments"), [_("Reason"), _("Amount")], rows)


def _check(statement: Statement) -> Check:
    """The code leads to the console's own address, by whichever name this page was opened."""
    number, digest = statement.settlement.id, statement.digest
    page_of_it = url_for(".check_paper", settlement_id=number, digest=digest)
    address = f"{settings().origin or request.host_url.rstrip('/')}{page_of_it}"
    words = _("Scan this to see whether the paper says what the platform says. Its digest is:")
    return Check(words, digest, address)

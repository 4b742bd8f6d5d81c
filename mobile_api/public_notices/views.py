"""A notice for everybody, its paper, the form of an objection, and the receipt for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.public_notices import paper, shown
from mobile_api.public_notices.shown import Told
from server import clock
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.intake.cells import cleaned
from server.settings import settings
from server.subsidies.notices import listing, objecting, receipts
from server.subsidies.notices.errors import NoticeIsOver
from server.subsidies.notices.models import SubsidyNotice, Via
from server.web.access import at_the_door, shows_the_door
from server.web.blueprints import UnknownFilter

ROWS_ON_A_PAGE = 50
LONGEST_CODE = 40
SAID, CONTACT = (2, 400), 60
DIGITS_OF_A_PLACE = 12
DIGITS_OF_A_LINE = 9


@dataclass(frozen=True)
class Form:
    """An objection as it was typed, and what is wrong with it."""

    line: int | None = None
    said: str = ""
    contact: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


@shows_the_door
def show_notice(*, code: str, session: Session) -> str:
    """What is paid, for which months, by which law, until when one may object, and to whom."""
    _check_query("county", "after")
    row = _get(session, code)
    notice = shown.told(row, clock.today())
    county, after = _digits("county", DIGITS_OF_A_PLACE), _number("after", DIGITS_OF_A_LINE) or 0
    counties = listing.list_counties(session, row.run_id) if notice.stands else []
    rows = _page(session, row, county, after) if notice.stands else []
    return render_template(
        "notice.html", notice=notice, shows_amounts=row.shows_amounts, county=county, after=after,
        counties=counties, rows=rows[:ROWS_ON_A_PAGE], more=len(rows) > ROWS_ON_A_PAGE,
        lines=sum(one.lines for one in counties), fen=sum(int(one.total_fen) for one in counties),
    )  # fmt: skip


@shows_the_door
def print_notice(*, code: str, session: Session) -> Response:
    """The same list as PDF, whole or of one county, while the notice stands"""
    _check_query("county")
    row = _get(session, code)
    notice = _standing(row)
    rows = listing.list_for_paper(session, row, county=_digits("county", DIGITS_OF_A_PLACE))
    address = url_for("show_notice", code=code, _external=True)
    content = paper.notice_pdf(
        notice, rows, made_on=clock.today(), address=address, hotline=settings().hotline
    )
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f"inline; filename=notice-{row.id}.pdf"
    return response


@shows_the_door
def show_objection_form(*, code: str, session: Session) -> str:
    """Where one says what is wrong, of one line or of the whole list"""
    _check_query("line")
    row = _get(session, code)
    _standing(row)
    return _form_page(session, row, Form(line=_number("line", DIGITS_OF_A_LINE)))


@at_the_door
def object_to_notice(*, code: str, session: Session) -> Response:
    """Write an objection down, and lead to its receipt; what is unusable is shown again"""
    row = _get(session, code)
    _standing(row)
    form = _read_form()
    if form.faults:
        return make_response(_form_page(session, row, form), HTTPStatus.UNPROCESSABLE_ENTITY)
    made = objecting.object_to(
        session, code=code, said=form.said, via=Via.PAGE, contact=form.contact, line=form.line
    )
    there = url_for("show_receipt", code=code, receipt=receipts.receipt_of(made.id or 0))
    return make_response(redirect(there, HTTPStatus.SEE_OTHER))


@shows_the_door
def find_receipt(*, code: str, session: Session) -> Response:
    """Lead from a number that was typed to what came of the objection"""
    _check_query("number")
    typed = cleaned(request.args.get("number", ""))[:LONGEST_CODE]
    receipts.get_by_receipt(session, _notice(session, code), typed)
    return make_response(redirect(url_for("show_receipt", code=code, receipt=typed.upper())))


@shows_the_door
def show_receipt(*, code: str, receipt: str, session: Session) -> str:
    """What was written down, by when it is answered, and the answer as soon as there is one"""
    _check_query()
    notice = _notice(session, code)
    objection = receipts.get_by_receipt(session, notice, receipt[:LONGEST_CODE])
    return render_template(
        "receipt.html", code=code, receipt=receipt.upper(), objection=objection,
        received_on=clock.day_of(objection.received_at),
    )  # fmt: skip


def _get(session: Session, code: str) -> Row[Any]:
    return listing.get_notice(session, code[:LONGEST_CODE])


def _notice(session: Session, code: str) -> SubsidyNotice:
    notice = objecting.find_by_code(session, code[:LONGEST_CODE])
    if notice is None:
        raise NotFound()
    return notice


def _standing(row: Row[Any]) -> Told:
    notice = shown.told(row, clock.today())
    if not notice.stands:
        raise NoticeIsOver()
    return notice


def _page(session: Session, row: Row[Any], county: str, after: int) -> list[listing.Shown]:
    return listing.list_rows(session, row, county=county, after=after, limit=ROWS_ON_A_PAGE + 1)


def _form_page(session: Session, row: Row[Any], form: Form) -> str:
    line = None
    if form.line is not None:
        found = listing.list_rows(session, row, after=form.line - 1, limit=1)
        line = next((one for one in found if one.number == form.line), None)
        if line is None:
            raise NotFound()
    return render_template(
        "objection.html", notice=shown.told(row, clock.today()), form=form, line=line,
        longest=SAID[1], longest_contact=CONTACT,
    )  # fmt: skip


def _read_form() -> Form:
    said, contact = (cleaned(request.form.get(name, "")) for name in ("said", "contact"))
    line = request.form.get("line", "")
    faults = {}
    if not SAID[0] <= len(said) <= SAID[1]:
        faults["said"] = _("Please say what is wrong, in {most} characters at most.", most=SAID[1])
    if len(contact) > CONTACT:
        faults["contact"] = _("At most {most} characters.", most=CONTACT)
    return Form(_read_number(line, DIGITS_OF_A_LINE), said, contact, faults)


def _check_query(*known: str) -> None:
    if set(request.args) - set(known):
        raise UnknownFilter()


def _digits(name: str, most: int) -> str:
    given = request.args.get(name, "")
    if given and not (given.isascii() and given.isdigit() and len(given) <= most):
        raise NotFound()
    return given


def _number(name: str, most: int) -> int | None:
    return _read_number(request.args.get(name, ""), most)


def _read_number(given: str, most: int) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= most):
        raise NotFound()
    return int(given)

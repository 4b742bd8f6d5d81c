"""助餐卡: given to an eater without a phone, reported lost, replaced; a list, and the card."""

from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.identity.qr import qr_svg
from admin.pages import page
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.counter import cards
from server.meals.eaters import get_eater
from server.web.access import noted, reads, submits
from server.web.blueprints import StrictSchema
from server.web.problems import STATUS

KEEP = "meals.keep-cards"
PREFIX = "YLC"  # What the tablet's camera knows a card by.
blueprint = Blueprint(
    "meal_cards", __name__, url_prefix="/meals/cards", template_folder="templates"
)


class CardForm(StrictSchema):
    """The number of a card that is printed already; empty, the platform makes one."""

    card_number = ma.fields.String(
        load_default="",
        validate=ma.validate.Regexp(r"^$|^[0-9A-Za-z][0-9A-Za-z -]{2,38}[0-9A-Za-z]$"),
    )


class ButtonForm(StrictSchema):
    """A button alone."""


@blueprint.get("")
@reads(KEEP)
def list_cards(*, session: Session) -> str:
    """Everybody within reach who was given a card, those out of use too."""
    return page(session, "admin/meals/cards.html", rows=_rows(session))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(KEEP)
def export_cards(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Name"), _("Card ends in"), _("Given out"), _("Out of use"), _("By whom")]
    cells = (
        [row.name, row.last_four, row.issued_at, row.lost_at or "", row.by_name]
        for row in _rows(session)
    )
    return export(ending, _("Meal cards"), headings, cells)


@blueprint.get("/of/<int:resident_id>")
@reads(KEEP)
def show_cards(*, resident_id: int, session: Session) -> str:
    """The cards of one eater, and giving out another."""
    return _page(session, resident_id)


@blueprint.post("/of/<int:resident_id>")
@submits(KEEP)
def issue(*, resident_id: int, session: Session) -> Any:
    """Give a card out, and show it to be printed: its number is not kept."""
    get_eater(session, resident_id)
    return _given(session, resident_id, None)


@blueprint.post("/<int:card_id>/loss")
@submits(KEEP)
def lose(*, card_id: int, session: Session) -> Any:
    """Take a card out of use."""
    card = _card(session, card_id)
    _values, errors = submitted(ButtonForm)
    if errors:
        return _page(session, card.resident_id), HTTPStatus.UNPROCESSABLE_ENTITY
    cards.lose_card(session, card_id)
    there = url_for("meal_cards.show_cards", resident_id=card.resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:card_id>/replacement")
@submits(KEEP)
def replace(*, card_id: int, session: Session) -> Any:
    """Give another card out for one that is lost: the old number is dead at once."""
    return _given(session, _card(session, card_id).resident_id, card_id)


def _given(session: Session, resident_id: int, replaced_id: int | None) -> Any:
    values, errors = submitted(CardForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    number = values["card_number"] or cards.new_number()
    try:
        if replaced_id is None:
            cards.issue_card(session, resident_id=resident_id, number=number)
        else:
            cards.replace_card(session, replaced_id, number=number)
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    eater = get_eater(session, resident_id)
    drawn = qr_svg(PREFIX + number) if not values["card_number"] else None
    return page(session, "admin/meals/card.html", eater=eater, number=number, qr=drawn)


def _card(session: Session, card_id: int) -> Any:
    """Return a card of somebody whom this person may know of, or `NotFound`."""
    card = cards.get_card(session, card_id)
    get_eater(session, card.resident_id)
    return card


def _rows(session: Session) -> Any:
    reach = reach_of(actor_of(session), KEEP)
    return cards.list_cards_within(session, prefixes=reach.prefixes, site_ids=reach.site_ids)


def _page(session: Session, resident_id: int, **given: Any) -> str:
    eater = get_eater(session, resident_id)
    held = cards.list_cards(session, resident_id)
    present = next((one for one in held if one.lost_at is None), None)
    facts = {"eater": eater, "cards": held, "present": present}
    return page(session, "admin/meals/cards_of.html", **facts, **given)

"""A canteen's deliveries of a day: what waits, who carries it, and what became of each meal."""

import unicodedata
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.meals.forms import CanteenArgs, RoundsForm
from admin.meals.reading import canteens_of, choose_canteen
from admin.meals.way_drawing import drawn
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import problem_sentence
from server.meals.deliveries import queries
from server.meals.deliveries.rules import Pace, is_late, minutes_of
from server.meals.deliveries.service import make_rounds
from server.places.ways import Place, place_of
from server.web.access import noted, reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint(
    "meals_deliveries", __name__, url_prefix="/meals/deliveries", template_folder="templates"
)


@blueprint.get("")
@reads("meals.serve")
def show_deliveries(*, session: Session) -> str:
    """Today's rounds of a canteen, or the canteens to choose from."""
    canteens = canteens_of(session, "meals.serve")
    return _shown(session, canteens, choose_canteen(canteens, asked(CanteenArgs)["canteen"]))


@blueprint.post("")
@submits("meals.serve")
def share_out(*, session: Session) -> Any:
    """Share a sitting's deliveries out to the carriers named, one a line."""
    canteens = canteens_of(session, "meals.serve")
    canteen = choose_canteen(canteens, request.form.get("canteen", type=int))
    if canteen is None:
        raise NotFound()
    values, errors = submitted(RoundsForm)
    if errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _shown(session, canteens, canteen, wrong=_("Please name who carries.")), status
    try:
        _make(session, canteen, values)
    except DomainError as refusal:
        wrong = problem_sentence(refusal.code, refusal.facts)
        return _shown(session, canteens, canteen, wrong=wrong), STATUS[refusal.kind]
    there = url_for(".show_deliveries", canteen=canteen.id)
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.get(f"/list.<any({CSV}, {XLSX}):ending>")
@noted
@reads("meals.serve")
def export_deliveries(*, ending: str, session: Session) -> Response:
    """Today's stops as a file."""
    canteen = choose_canteen(canteens_of(session, "meals.serve"), asked(CanteenArgs)["canteen"])
    if canteen is None:
        raise NotFound()
    rounds = {one.id: one for one in queries.list_rounds(session, canteen.id, day=clock.today())}
    headings = [_("Round"), _("Carrier"), _("Place in the round"), _("Name"), _("Address"),
                _("Diet"), _("Pays, yuan"), _("State"), _("Received by")]  # fmt: skip
    drops = queries.list_drops(session, list(rounds))
    rows = [_cells(rounds[drop.round_id], drop) for drop in drops]
    return export(ending, f"{canteen.name}-{_('Deliveries')}-{clock.today()}", headings, rows)


@blueprint.get("/<int:canteen_id>/drops/<int:drop_id>/photo")
@noted
@reads("meals.serve")
def show_photo(*, canteen_id: int, drop_id: int, session: Session) -> Response:
    """What the carrier photographed at a door."""
    if choose_canteen(canteens_of(session, "meals.serve"), canteen_id) is None:
        raise NotFound()
    return private_picture(session, queries.find_photo(session, canteen_id, drop_id))


def _make(session: Session, canteen: Row[Any], values: dict[str, Any]) -> None:
    today = queries.list_sittings_with_deliveries(session, canteen.id, day=clock.today())
    if values["sitting"] not in {row.id for row in today}:
        raise NotFound()
    make_rounds(
        session,
        canteen_id=canteen.id,
        sitting_id=values["sitting"],
        carriers=[unicodedata.normalize("NFKC", line).strip()[:40] for line in values["carriers"]],
    )


def _shown(session: Session, canteens: Any, canteen: Row[Any] | None, **facts: Any) -> str:
    facts |= {"canteens": canteens, "canteen": canteen, "rounds": [], "waiting": []}
    if canteen is not None:
        facts |= _day(session, canteen.id)
    return page(session, "admin/meals/deliveries.html", **facts)


def _day(session: Session, canteen_id: int) -> dict[str, Any]:
    day, now = clock.today(), clock.now()
    rounds = queries.list_rounds(session, canteen_id, day=day)
    drops = queries.list_drops(session, [one.id for one in rounds])
    sittings = queries.list_sittings_with_deliveries(session, canteen_id, day=day)
    start, pace = queries.find_start(session, canteen_id), queries.get_pace(session, on=day)
    return {
        "waiting": [one for one in sittings if one.to_carry],
        "rounds": [_round(one, _of(one.id, drops), start, pace) for one in rounds],
        "pace": pace,
        "day": day,
        "as_of": now,
    }


def _round(one: Row[Any], drops: list[Row[Any]], start: Place | None, pace: Pace) -> dict[str, Any]:
    """A round with what it takes by straight ways, and a drawing of it."""
    homes = [place_of(drop.x, drop.y) for drop in drops]
    known = [(drop.position, home) for drop, home in zip(drops, homes, strict=True) if home]
    return {
        "row": one,
        "drops": drops,
        "is_late": is_late(one.sealed_at, one.waiting, now=clock.now(), pace=pace),
        "minutes": minutes_of(homes, start=start, pace=pace),
        "drawing": drawn(known),
        "names": "，".join(f"{drop.position} {drop.name}" for drop in drops if drop.x is not None),
    }


def _of(round_id: int, drops: Any) -> list[Row[Any]]:
    return [drop for drop in drops if drop.round_id == round_id]


def _cells(one: Row[Any], drop: Row[Any]) -> list[Any]:
    return [
        one.number,
        one.carrier,
        drop.position,
        drop.name,
        f"{drop.village_name} {drop.address}".strip(),
        word("diet", drop.diet),
        in_yuan(drop.own_pay_fen),
        word("drop_state", drop.state),
        drop.received_by or drop.reason or "",
    ]

"""代订: a community worker or a canteen books for an elder, at the window or on the telephone."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.meals.behalf_forms import (
    BackForm,
    CallOffForm,
    EaterSearchForm,
    PlaceForm,
    RestForm,
    StandingForm,
    WhichCanteenArgs,
)
from admin.pages import page
from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import DomainError, NotFound
from server.identity.models import Role
from server.identity.roles import reach_of
from server.meals.eaters import find_eaters, get_eater, list_week_of_eater
from server.meals.models import BookedBy, Diet, Handing, Meal, Sitting
from server.meals.queries.bookings import get_booking
from server.meals.queries.canteens import list_canteens_within
from server.meals.queries.sittings import state_at
from server.meals.service import book_meal, cancel_booking
from server.meals.standing import queries as standing
from server.meals.standing.making import end_order, make_order
from server.meals.standing.pausing import find_pause, lift, pause
from server.meals.standing.refusals import words_of
from server.meals.standing.rules import days_of_week
from server.meals.waiting.joining import join, leave
from server.meals.waiting.queries import find_waiting
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("meals_for", __name__, url_prefix="/meals/for", template_folder="templates")
PERMISSION = "meals.book-for"
A_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
DIGITS_OF_A_COUNTY = 6


@blueprint.get("")
@reads(PERMISSION)
def show_search(*, session: Session) -> str:
    """For whom?"""
    return page(session, "admin/meals/eaters.html", found=None)


@blueprint.post("/search")
@noted
@reads(PERMISSION)
def search(*, session: Session) -> Any:
    """Who fits, sent as a form so that no name stands in an address."""
    values, errors = submitted(EaterSearchForm)
    typed = request.form.get("term", "")
    found = find_eaters(session, values["term"]) if values else None
    shown = page(session, "admin/meals/eaters.html", found=found, typed=typed, errors=errors)
    return (shown, HTTPStatus.UNPROCESSABLE_ENTITY) if errors else shown


@blueprint.get("/<int:resident_id>")
@reads(PERMISSION)
def show_week(*, resident_id: int, session: Session) -> str:
    """The coming week at a canteen, what is booked of it, and what stands every week."""
    return _page(session, resident_id, asked(WhichCanteenArgs)["canteen"])


@blueprint.post("/<int:resident_id>/bookings")
@submits(PERMISSION)
def book(*, resident_id: int, session: Session) -> Any:
    """Take a place."""
    return _do(session, resident_id, PlaceForm, lambda values: book_meal(
        session, sitting_id=values["sitting"], resident_id=resident_id, booked_by=_by(session),
        diet=values["diet"], handing=values["handing"]))  # fmt: skip


@blueprint.post("/<int:resident_id>/bookings/<int:booking_id>/cancellation")
@submits(PERMISSION)
def call_off(*, resident_id: int, booking_id: int, session: Session) -> Any:
    """Give a place back, with what the elder said."""
    _check_whose(get_booking(session, booking_id).resident_id, resident_id)
    return _do(session, resident_id, CallOffForm, lambda values: cancel_booking(
        session, booking_id, reason=values["reason"]))  # fmt: skip


@blueprint.post("/<int:resident_id>/waiting")
@submits(PERMISSION)
def wait(*, resident_id: int, session: Session) -> Any:
    """Stand in line for a full sitting."""
    return _do(session, resident_id, PlaceForm, lambda values: join(
        session, sitting_id=values["sitting"], resident_id=resident_id, joined_by=_by(session),
        diet=values["diet"], handing=values["handing"]))  # fmt: skip


@blueprint.post("/<int:resident_id>/waiting/<int:waiting_id>/leaving")
@submits(PERMISSION)
def wait_no_more(*, resident_id: int, waiting_id: int, session: Session) -> Any:
    """Leave the line."""
    _check_whose(find_waiting(session, waiting_id).resident_id, resident_id)
    return _do(session, resident_id, BackForm, lambda _: leave(session, waiting_id))


@blueprint.post("/<int:resident_id>/standing")
@submits(PERMISSION)
def order(*, resident_id: int, session: Session) -> Any:
    """Order a meal for every week."""
    return _do(session, resident_id, StandingForm, lambda values: make_order(
        session, resident_id=resident_id, canteen_id=values["canteen"], meal=values["meal"],
        weekdays=values["weekdays"], diet=values["diet"], handing=values["handing"],
        starts_on=values["starts_on"] or clock.today(), made_by=_by(session),
        ends_on=values["last_day"] + A_DAY if values["last_day"] else None))  # fmt: skip


@blueprint.post("/<int:resident_id>/standing/<int:standing_id>/end")
@submits(PERMISSION)
def end(*, resident_id: int, standing_id: int, session: Session) -> Any:
    """End a standing order."""
    _check_whose(standing.get_order(session, standing_id).resident_id, resident_id)
    return _do(session, resident_id, BackForm, lambda _: end_order(session, standing_id))


@blueprint.post("/<int:resident_id>/standing/<int:standing_id>/pauses")
@submits(PERMISSION)
def rest(*, resident_id: int, standing_id: int, session: Session) -> Any:
    """Have no meals from a day to a day."""
    _check_whose(standing.get_order(session, standing_id).resident_id, resident_id)
    return _do(session, resident_id, RestForm, lambda values: pause(
        session, standing_id, starts_on=values["starts_on"],
        ends_on=values["last_day"] + A_DAY))  # fmt: skip


@blueprint.post("/<int:resident_id>/pauses/<int:pause_id>/end")
@submits(PERMISSION)
def go_on(*, resident_id: int, pause_id: int, session: Session) -> Any:
    """Have meals again from today on."""
    _check_whose(find_pause(session, pause_id).resident_id, resident_id)
    return _do(session, resident_id, BackForm, lambda _: lift(session, pause_id))


def _do(
    session: Session, resident_id: int, form: type[ma.Schema], deed: Callable[[Any], object]
) -> Any:
    """Do it and show the week again; a refusal is told above the week, and changes nothing."""
    get_eater(session, resident_id)
    values, errors = submitted(form)
    canteen_id = request.form.get("canteen", type=int)
    if errors:
        shown = _page(session, resident_id, canteen_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    _check_reached(session, values["canteen"])
    try:
        _check_sitting(session, values)
        # The canteen comes to know its diner by it, which is the platform's to write down.
        with reaching_everywhere(session):
            deed(values)
    except DomainError as refusal:
        return _page(session, resident_id, canteen_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_week", resident_id=resident_id, canteen=canteen_id), 303)


def _page(session: Session, resident_id: int, canteen_id: int | None, **facts: Any) -> str:
    eater = get_eater(session, resident_id)
    canteens = _canteens(session)
    chosen = _choose(canteens, canteen_id, eater.usual_canteen_id)
    today, now = clock.today(), clock.now()
    if chosen is not None:
        days = {"first_day": today, "end_day": today + WEEK}
        week = list_week_of_eater(session, resident_id, chosen.id, **days)
        facts["week"] = [(row, state_at(now, row)) for row in week]
    return page(
        session, "admin/meals/eater.html", eater=eater, canteens=canteens, canteen=chosen,
        orders=standing.list_orders(session, [resident_id]), today=today, now=now,
        pauses=standing.list_pauses(session, [resident_id], today=today),
        refused=standing.list_refusals(session, resident_ids=[resident_id], today=today),
        days_of_week=days_of_week, meals=list(Meal), diets=list(Diet), handings=list(Handing),
        a_day=A_DAY, why=words_of, **facts,
    )  # fmt: skip


def _canteens(session: Session) -> Sequence[Row[Any]]:
    """A canteen books at itself; a village's people eat anywhere in their county."""
    reach = reach_of(actor_of(session), PERMISSION)
    counties = [prefix[:DIGITS_OF_A_COUNTY] for prefix in reach.prefixes]
    return list_canteens_within(session, prefixes=counties, site_ids=reach.site_ids)


def _choose(canteens: Sequence[Row[Any]], wanted: int | None, usual: int | None) -> Row[Any] | None:
    by_id = {one.id: one for one in canteens}
    if wanted is not None and wanted not in by_id:
        raise NotFound()
    first = canteens[0] if canteens else None
    return by_id.get(wanted or usual or 0, first)


def _check_reached(session: Session, canteen_id: int) -> None:
    if canteen_id not in {one.id for one in _canteens(session)}:
        raise NotFound()


def _check_sitting(session: Session, values: dict[str, Any]) -> None:
    """What is booked is of the canteen on the screen, which this office reaches."""
    sitting = session.get(Sitting, values["sitting"]) if "sitting" in values else None
    if "sitting" in values and (sitting is None or sitting.canteen_id != values["canteen"]):
        raise NotFound()


def _check_whose(resident_id: int, named: int) -> None:
    if resident_id != named:
        raise NotFound()


def _by(session: Session) -> BookedBy:
    """By telephone at the canteen, or at the community's window."""
    roles = {role["role"] for role in actor_of(session).roles}
    return BookedBy.CANTEEN if roles == {Role.CANTEEN_STAFF.value} else BookedBy.STAFF

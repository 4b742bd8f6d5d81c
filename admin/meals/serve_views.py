"""The counter: six digits in, and a clear yes or no out."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.meals.forms import ServeArgs, ServeForm, TakeBackMealForm
from admin.meals.reading import canteens_of, choose_canteen
from admin.pages import is_part, page
from server import clock
from server.errors import DomainError, NotFound
from server.meals.collecting import collect_meal
from server.meals.counter.queries import find_key_of
from server.meals.counter.undoing import TIME_TO_UNDO, undo_collection
from server.meals.errors import AlreadyCollected
from server.meals.queries.bookings import (
    find_booking_by_code,
    get_booking,
    list_last_collected,
)
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "meals_serve", __name__, url_prefix="/meals/serve", template_folder="templates"
)

# A second press of Enter, or the same code held up twice, within this time is told as such.
JUST_NOW = timedelta(seconds=15)
# A face of its own beside the console: no route of this one leads there.
COUNTER_APP = "/app/counter/"


@dataclass(frozen=True)
class Answer:
    """What the counter says to a code: `told` names the sentence, `booking` whose meal it is."""

    told: str
    code: str = ""
    booking: Row[Any] | None = None
    status: HTTPStatus = HTTPStatus.OK

    @property
    def is_yes(self) -> bool:
        return self.told == "served"


@blueprint.get("")
@reads("meals.serve")
def show_serve(*, session: Session) -> str:
    """The empty counter, or one with a code from the diner list filled in."""
    filters = asked(ServeArgs)
    canteens = canteens_of(session, "meals.serve")
    canteen = choose_canteen(canteens, filters["canteen"])
    return _counter(session, canteens, canteen, typed=filters["code"])


@blueprint.post("")
@submits("meals.serve")
def serve(*, session: Session) -> Any:
    """Hand out the meal of a code, once; a refusal is told in words and changes nothing."""
    canteens = canteens_of(session, "meals.serve")
    canteen = choose_canteen(canteens, request.form.get("canteen", type=int))
    if canteen is None:
        raise NotFound()
    values, errors = submitted(ServeForm)
    if errors:
        answer = Answer("not-six-digits", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    else:
        answer = _hand_out(session, canteen.id, values["code"])
    return _counter(session, canteens, canteen, answer=answer), answer.status


@blueprint.post("/undoing")
@submits("meals.serve")
def take_back(*, session: Session) -> Any:
    """Take a meal back that was handed out a moment ago by mistake, for a reason."""
    canteens = canteens_of(session, "meals.serve")
    canteen = choose_canteen(canteens, request.form.get("canteen", type=int))
    values, errors = submitted(TakeBackMealForm)
    if canteen is None or errors:
        raise NotFound()
    answer = _take_back(session, canteen.id, values["booking"], values["reason"])
    return _counter(session, canteens, canteen, answer=answer), answer.status


def _take_back(session: Session, canteen_id: int, booking_id: int, reason: str) -> Answer:
    key = find_key_of(session, canteen_id, booking_id)
    try:
        undo_collection(session, key, at=clock.now(), reason=reason)
    except DomainError as refusal:
        return Answer(refusal.code, status=STATUS[refusal.kind])
    return Answer("taken-back", booking=get_booking(session, booking_id))


def _hand_out(session: Session, canteen_id: int, code: str) -> Answer:
    try:
        booking_id = collect_meal(session, canteen_id=canteen_id, code=code)
    except DomainError as refusal:
        found = find_booking_by_code(session, canteen_id=canteen_id, day=clock.today(), code=code)
        return Answer(_told(refusal, found), code, found, STATUS[refusal.kind])
    return Answer("served", code, get_booking(session, booking_id))


def _told(refusal: DomainError, found: Row[Any] | None) -> str:
    is_repeated = isinstance(refusal, AlreadyCollected) and found is not None
    if is_repeated and clock.now() - found.collected_at < JUST_NOW:
        return "collected-just-now"
    return refusal.code


def _counter(session: Session, canteens: Any, canteen: Row[Any] | None, **facts: Any) -> str:
    facts |= {"canteens": canteens, "canteen": canteen, "served": ()}
    facts["counter_app"] = COUNTER_APP
    facts["undoable_since"] = clock.now() - TIME_TO_UNDO
    if canteen is not None:
        facts["served"] = list_last_collected(session, canteen.id, day=clock.today())
    if is_part():
        return render_template("admin/meals/counter.html", **facts)
    return page(session, "admin/meals/serve.html", **facts)

"""Bookings that reach this worker in the same moment are taken by one of them for all.

See ADR 0053. Whoever cannot be served with the others is served alone, by the view itself.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, current_app, request
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from webargs.flaskparser import is_json_request

from mobile_api.meals import shown
from mobile_api.meals.schemas import BookingSchema, BookMealSchema
from server import clock
from server.db.acts import Actor, current_act
from server.db.cities import current_city
from server.db.together import Asking, transaction_together
from server.idempotency.errors import IdempotencyKeyMissing
from server.idempotency.service import Answer, Kept, keep_answers
from server.identity import roles
from server.meals.models import BookedBy
from server.meals.together.booking import SomeWereLost, Wish, book_together
from server.residents.models import HelperScope
from server.settings import settings
from server.web.gathering import Gathering
from server.web.idempotency import key_of_request, request_as_sent

View = Callable[..., Any]

PERMISSION = "meals.book"
# Who lost to another worker's bookings is left out, and the others are tried once more.
RUNS = 2

log = logging.getLogger(__name__)

_command = BookMealSchema()
_booking = BookingSchema()


@dataclass(frozen=True)
class Asked:
    """A request to book, with all that is needed to carry it out for whoever sent it."""

    asking: Asking
    command: Mapping[str, Any]
    key: str
    operation: str
    request: bytes

    def wish(self, actor: Actor) -> Wish:
        is_self = self.asking.resident_id in actor.own_resident_ids
        return Wish(**self.command, booked_by=BookedBy.SELF if is_self else BookedBy.HELPER)


@dataclass(frozen=True)
class Granted:
    """One who may book: with the actor stands whose key it is."""

    asked: Asked
    actor: Actor


def together(view: View) -> View:
    """Stands around a booking's `writes`: serve the request with others, or by the view."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        asked = _asked() if settings().book_together else None
        if asked is None:
            return view(*args, **kwargs)
        return _gathering().ask(asked, alone=lambda: view(*args, **kwargs))

    return wrapper


_gatherings: dict[str, Gathering[Asked, Any]] = {}


def _gathering() -> Gathering[Asked, Any]:
    """Those who book in one city meet; a transaction is one city's."""
    return _gatherings.setdefault(current_city(), Gathering(_carry_out))


def _asked() -> Asked | None:
    """What this request asks for; None where anything is amiss, which the view itself will say."""
    act = current_act()
    if act.token is None or not is_json_request(request):
        return None
    try:
        command = _command.load(orjson.loads(request.get_data(cache=True)))
        key = key_of_request()
    except (orjson.JSONDecodeError, ma.ValidationError, IdempotencyKeyMissing):
        return None
    asking = Asking(act.token, command["resident_id"], act.action, act.request_id)
    return Asked(asking, command, key, request.endpoint or "", request_as_sent())


def _carry_out(asked: Sequence[Asked]) -> list[Response | None]:
    """Take all who can be taken at once; the others are answered with None."""
    left = list(asked)
    answers: Mapping[int, Answer] = {}
    for _ in range(RUNS):
        try:
            answers = _take(left)
            break
        except SomeWereLost as lost:
            left = [one for one in left if one.asking.resident_id in lost.residents]
        except DBAPIError as error:
            log.warning("meals were not taken together", extra={"error": type(error.orig).__name__})
            break
    return [_response(answers.get(id(one))) for one in asked]


def _take(asked: Sequence[Asked]) -> Mapping[int, Answer]:
    """Book, keep the answers, commit: one transaction. Raises `SomeWereLost`."""
    now = clock.now()
    asking = [one.asking for one in asked]
    scope = HelperScope.BOOK_MEALS.value
    with transaction_together(asking, scope=scope, at=now) as (session, actors):
        granted = _granted(asked, actors)
        bookings = book_together(session, [one.asked.wish(one.actor) for one in granted], now=now)
        return _keep(session, granted, bookings)


def _granted(asked: Sequence[Asked], actors: Mapping[int, Actor]) -> list[Granted]:
    """Who may book, each key of each account once."""
    granted: dict[tuple[str, str], Granted] = {}
    for place, one in enumerate(asked):
        actor = actors.get(place)
        if actor is not None and roles.may(actor, PERMISSION):
            granted.setdefault((actor.subject, one.key), Granted(one, actor))
    return list(granted.values())


def _keep(
    session: Session, granted: Sequence[Granted], bookings: Mapping[int, Row[Any]]
) -> Mapping[int, Answer]:
    served = [one for one in granted if one.asked.asking.resident_id in bookings]
    if not served:
        return {}
    kept = [_kept(one, bookings[one.asked.asking.resident_id]) for one in served]
    stored = keep_answers(session, kept)
    new = [(one.subject, one.key) in stored for one in kept]
    if not all(new):
        pairs = zip(served, new, strict=True)
        raise SomeWereLost({one.asked.asking.resident_id for one, is_new in pairs if is_new})
    return {id(one.asked): each.answer for one, each in zip(served, kept, strict=True)}


def _kept(granted: Granted, booking: Row[Any]) -> Kept:
    asked = granted.asked
    told = shown.booking(booking, now=clock.now(), today=clock.today())
    answer = Answer(201, current_app.json.dumps(_booking.dump(told)))
    return Kept(granted.actor.subject, asked.key, asked.operation, asked.request, answer)


def _response(answer: Answer | None) -> Response | None:
    if answer is None:
        return None
    return Response(answer.body, answer.status, mimetype="application/json")

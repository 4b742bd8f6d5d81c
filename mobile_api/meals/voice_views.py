"""How it tasted, what was wrong, what was answered; and what a canteen announces."""

from typing import Any

from flask import request
from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.meals.booking_views import resident_of_booking
from mobile_api.meals.voice_schemas import (
    AnnouncementsSchema,
    MealNoticesSchema,
    MealNotSolvedSchema,
    MealRatingSchema,
    MealVoiceSchema,
    MealVoicesSchema,
    RateMealSchema,
    SayMealVoiceSchema,
)
from server import clock
from server.db.sessions import actor_of, reading
from server.errors import NotFound
from server.meals.queries import bookings
from server.meals.voices import queries, service, telling
from server.meals.voices.models import ToldKind
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "meal_voices", __name__, url_prefix="/v1", description="What eaters say of meals."
)
SHOWN = (
    "id", "booking_id", "words", "said_at", "due_on", "answer", "answered_at", "resident_name",
    "site_name",
)  # fmt: skip


@reading
def resident_of_voice(*, session: Session) -> int | None:
    """Return whose words they are, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["voice_id"])


@blueprint.get("/bookings/<int:booking_id>/rating")
@reads("meals.book")
@blueprint.response(200, MealRatingSchema)
@blueprint.doc(operationId="getMealRating")
def get_meal_rating(*, booking_id: int, session: Session) -> dict[str, Any]:
    """Show the face given to a meal, and what was said of it"""
    return _rating(session, _own(session, booking_id))


@blueprint.put("/bookings/<int:booking_id>/rating")
@writes("meals.book", for_resident=resident_of_booking)
@blueprint.arguments(RateMealSchema)
@blueprint.response(200, MealRatingSchema)
@blueprint.doc(operationId="rateMeal")
def rate_meal(command: dict[str, Any], *, booking_id: int, session: Session) -> dict[str, Any]:
    """Say how it tasted by one of three faces; for a day it can be changed"""
    booking = _own(session, booking_id)
    service.rate(session, booking, **command)
    return _rating(session, booking)


@blueprint.post("/bookings/<int:booking_id>/voices")
@writes("meals.book", for_resident=resident_of_booking)
@blueprint.arguments(SayMealVoiceSchema)
@blueprint.response(201, MealVoiceSchema)
@blueprint.doc(operationId="sayMealVoice")
def say_meal_voice(command: dict[str, Any], *, booking_id: int, session: Session) -> dict[str, Any]:
    """Complain of a meal, or suggest something; the canteen answers by a day"""
    said = service.say(session, _own(session, booking_id), **command)
    return _one(session, said.resident_id, said.id)


@blueprint.get("/meal-voices")
@reads("meals.book")
@blueprint.response(200, MealVoicesSchema)
@blueprint.doc(operationId="listMealVoices")
def list_meal_voices(*, session: Session) -> dict[str, Any]:
    """List what was said of meals, the latest first, with the answers"""
    residents = residents_within(session, HelperScope.BOOK_MEALS)
    return {"items": [_voice(row) for row in queries.list_of_residents(session, residents)]}


@blueprint.post("/meal-voices/<int:voice_id>/follow-up")
@writes("meals.book", for_resident=resident_of_voice)
@blueprint.arguments(MealNotSolvedSchema)
@blueprint.response(201, MealVoiceSchema)
@blueprint.doc(operationId="sayMealNotSolved")
def say_meal_not_solved(
    command: dict[str, Any], *, voice_id: int, session: Session
) -> dict[str, Any]:
    """Say of an answer that nothing is solved; the county looks into it"""
    check_may(session, queries.get_resident_of(session, voice_id), HelperScope.BOOK_MEALS)
    said = service.say_not_solved(session, voice_id, **command)
    return _one(session, said.resident_id, said.id)


@blueprint.get("/canteens/<int:canteen_id>/notices")
@reads("meals.see-menu")
@blueprint.response(200, MealNoticesSchema)
@blueprint.doc(operationId="listMealNotices")
def list_meal_notices(*, canteen_id: int, session: Session) -> dict[str, Any]:
    """List what a canteen, or its county, announces today"""
    own = actor_of(session).account_id
    rows = queries.list_notices_of(session, canteen_id, account_id=own, today=clock.today())
    return {"items": [{**row._mapping, "is_of_county": row.site_id is None} for row in rows]}


@blueprint.get("/announcements")
@reads("meals.see-menu")
@blueprint.response(200, AnnouncementsSchema)
@blueprint.doc(operationId="listAnnouncements")
def list_announcements(*, session: Session) -> dict[str, Any]:
    """List what canteens of the people one acts for announce, and the days they close"""
    return _told(session)


@blueprint.put("/announcements/<string:kind>/<int:announcement_id>/reading")
@writes("meals.see-menu")
@blueprint.response(200, AnnouncementsSchema)
@blueprint.doc(operationId="readAnnouncement")
def read_announcement(*, kind: str, announcement_id: int, session: Session) -> dict[str, Any]:
    """Note that one has read it; twice is as good as once"""
    if kind not in set(ToldKind):
        raise NotFound()
    telling.note_read(session, _account(session), ToldKind(kind), announcement_id)
    return _told(session)


def _told(session: Session) -> dict[str, Any]:
    residents = residents_within(session, HelperScope.BOOK_MEALS)
    rows = telling.list_told(session, _account(session), residents, today=clock.today())
    items = [row._asdict() for row in rows]
    return {"unread": sum(not one["is_read"] for one in items), "items": items}


def _account(session: Session) -> int:
    account_id = actor_of(session).account_id
    assert account_id is not None, "the menu is seen by accounts"
    return account_id


def _own(session: Session, booking_id: int) -> Row[Any]:
    row = bookings.get_booking(session, booking_id)
    check_may(session, row.resident_id, HelperScope.BOOK_MEALS)
    return row


def _rating(session: Session, booking: Row[Any]) -> dict[str, Any]:
    rating = queries.find_rating(session, booking.id)
    said = queries.list_of_residents(session, [booking.resident_id], booking_id=booking.id)
    return {
        "score": rating.score if rating else None,
        "can_rate": service.can_rate(booking, rating),
        "items": [_voice(row) for row in said],
    }


def _one(session: Session, resident_id: int, voice_id: int | None) -> dict[str, Any]:
    [row] = queries.list_of_residents(session, [resident_id], voice_id=voice_id)
    return _voice(row)


def _voice(row: Row[Any]) -> dict[str, Any]:
    return {
        **{name: row._mapping[name] for name in SHOWN},
        "kind": row.kind.value,
        "is_with_county": service.is_with_county(row) and row.answered_at is None,
        "can_follow_up": row.answered_at is not None and not row.is_followed,
    }

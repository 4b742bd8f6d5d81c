"""Book a meal, see what is booked, give a place back."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.meals import shown
from mobile_api.meals.booking_together import together
from mobile_api.meals.schemas import (
    BookingsArgs,
    BookingSchema,
    BookingsSchema,
    BookMealSchema,
    CancelBookingSchema,
)
from mobile_api.meals.signing import signer_of
from server import clock
from server.db.sessions import actor_of, reading
from server.meals import service
from server.meals.models import BookedBy
from server.meals.queries import bookings
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pages import day, page_of, read_cursor

blueprint = StrictBlueprint(
    "bookings", __name__, url_prefix="/v1/bookings", description="Meals that were booked."
)


@reading
def resident_of_booking(*, session: Session) -> int | None:
    """Return whom the booking in the address is for, as far as this actor may know."""
    return bookings.find_resident_of(session, (request.view_args or {})["booking_id"])


@blueprint.post("")
@together
@writes("meals.book")
@blueprint.arguments(BookMealSchema)
@blueprint.response(201, BookingSchema)
@blueprint.doc(operationId="bookMeal")
def book_meal(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Book a meal for a resident"""
    check_may(session, command["resident_id"], HelperScope.BOOK_MEALS)
    is_self = command["resident_id"] in actor_of(session).own_resident_ids
    by = BookedBy.SELF if is_self else BookedBy.HELPER
    booking = service.book_meal(session, **command, booked_by=by)
    return shown.booking(booking, now=clock.now(), today=clock.today())


@blueprint.get("")
@reads("meals.book")
@blueprint.arguments(BookingsArgs, location="query")
@blueprint.response(200, BookingsSchema)
@blueprint.doc(operationId="listBookings")
def list_bookings(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List coming bookings, soonest first, or past ones, latest first"""
    if args["resident_id"] is not None:
        check_may(session, args["resident_id"], HelperScope.BOOK_MEALS)
        residents = [args["resident_id"]]
    else:
        residents = residents_within(session, HelperScope.BOOK_MEALS)
    coming = args["state"] == "upcoming"
    find = bookings.list_coming_bookings if coming else bookings.list_past_bookings
    rows = find(
        session,
        residents,
        today=clock.today(),
        after=read_cursor(args["cursor"], day, int),
        limit=args["limit"] + 1,
    )
    page = page_of(rows, limit=args["limit"], key=lambda row: (row.service_on, row.id))
    now, today, signer = clock.now(), clock.today(), signer_of(session)
    items = [shown.booking(row, now=now, today=today, signer=signer) for row in page["items"]]
    return {**page, "items": items}


@blueprint.get("/<int:booking_id>")
@reads("meals.book")
@blueprint.response(200, BookingSchema)
@blueprint.doc(operationId="getBooking")
def get_booking(*, booking_id: int, session: Session) -> dict[str, Any]:
    """Show a booking with its meal code"""
    return _shown(session, booking_id)


@blueprint.post("/<int:booking_id>/cancellation")
@writes("meals.book", for_resident=resident_of_booking)
@blueprint.arguments(CancelBookingSchema)
@blueprint.response(200, BookingSchema)
@blueprint.doc(operationId="cancelBooking")
def cancel_booking(command: dict[str, Any], *, booking_id: int, session: Session) -> dict[str, Any]:
    """Give a place back before the cut-off; doing it twice is as good as once"""
    check_may(
        session, bookings.get_booking(session, booking_id).resident_id, HelperScope.BOOK_MEALS
    )
    service.cancel_booking(session, booking_id, reason=command["reason"])
    return _shown(session, booking_id)


def _shown(session: Session, booking_id: int) -> dict[str, Any]:
    row = bookings.get_booking(session, booking_id)
    check_may(session, row.resident_id, HelperScope.BOOK_MEALS)
    return shown.booking(row, now=clock.now(), today=clock.today(), signer=signer_of(session))

"""Whose kitchen a page is about, and the frame that all its pages have."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.meals.reading import canteens_of, choose_canteen
from admin.pages import page
from server import clock
from server.errors import NotFound
from server.meals.kitchen.rules import monday_of

SEE, KEEP = "meals.see-kitchen", "meals.keep-kitchen"
KITCHEN = "/meals/kitchens/<int:canteen_id>"


def kitchen(session: Session, canteen_id: int, permission: str = SEE) -> Row[Any]:
    """Return the canteen if this person holds the permission there; raises `NotFound`."""
    found = choose_canteen(canteens_of(session, permission), canteen_id)
    if found is None:
        raise NotFound()
    return found


def choose_kitchen(session: Session, endpoint: str) -> Any:
    """Go to the only kitchen there is, or show those to choose from."""
    canteens = canteens_of(session, SEE)
    if len(canteens) == 1:
        return redirect(url_for(endpoint, canteen_id=canteens[0].id), HTTPStatus.SEE_OTHER)
    return page(session, "admin/meals/kitchen_choose.html", canteens=canteens, endpoint=endpoint)


def kitchen_page(session: Session, canteen_id: int, tab: str, **facts: Any) -> str:
    """Return a page of one kitchen; forms are shown where this person keeps it."""
    canteen = kitchen(session, canteen_id)
    kept = {one.id for one in canteens_of(session, KEEP)}
    facts = {"refusal": None, "errors": {}} | facts
    template = f"admin/meals/kitchen_{tab}.html"
    may_keep = canteen_id in kept
    return page(session, template, canteen=canteen, tab=tab, may_keep=may_keep, **facts)


def week_wanted(day: date | None) -> date:
    """Return the Monday of the week that is asked for, or of the one that is cooked for next."""
    return monday_of(day or clock.today())

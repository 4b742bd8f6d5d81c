"""Every page knows who sits in front of it, and so what the menu holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.db.acts import Actor
from server.db.sessions import actor_of
from server.identity.queries import get_staff, list_offices


@dataclass(frozen=True)
class Person:
    """Who is signed in: the name on the page's foot, and the offices behind the menu."""

    actor: Actor
    name: str
    offices: Sequence[Row[Any]]


def person_of(session: Session) -> Person | None:
    """Return who is signed in at this console, None for nobody and for a phone's account."""
    actor = actor_of(session)
    if actor.staff_id is None:
        return None
    offices = list_offices(session, today=clock.today(), staff_id=actor.staff_id)
    name = get_staff(session, actor.staff_id).display_name
    return Person(actor, name, offices)


def page(session: Session, template: str, **facts: Any) -> str:
    """Return the page for the person who is signed in."""
    return render_template(template, person=person_of(session), **facts)


def is_part() -> bool:
    """True where htmx asks for a part of a page that is on the screen already."""
    return "HX-Request" in request.headers

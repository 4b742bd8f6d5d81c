"""What every part of a person's file has in common: its head, and the question before it opens."""

from typing import Any

from flask import request
from sqlalchemy import Row
from sqlmodel import Session

from admin.pages import page
from server import clock
from server.meals.rules import full_years
from server.residents import openings, register


def file_page(session: Session, part: str, person: Row[Any], **facts: Any) -> str:
    """Return a part of the file; `part` names its template.

    The tab shown as present is that of the part, or of the one (`part_of`) that it belongs to.
    """
    return page(
        session,
        f"admin/residents/{part}.html",
        resident=person,
        age=full_years(person.born_on, on=clock.today()),
        tab=facts.pop("part_of", part),
        today=clock.today(),
        **facts,
    )


def closed_page(session: Session, resident_id: int, **facts: Any) -> str:
    """Return the page that asks why the file shall be opened, and then leads to where one was.

    Raises `NotFound` beyond one's reach.
    """
    return page(
        session,
        "admin/residents/closed.html",
        resident=register.get_in_reach(session, resident_id),
        come_back=request.script_root + request.path if request.method == "GET" else "",
        **facts,
    )


def closed_page_or_none(session: Session, resident_id: int) -> str | None:
    """Return `closed_page`, None where the present staff member has opened the file."""
    if openings.is_open(session, resident_id):
        return None
    return closed_page(session, resident_id)

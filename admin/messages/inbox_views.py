"""One's own inbox on the console, the bell that counts it, and what one wants to be written."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.messages.forms import AddressForm, WishForm
from admin.pages import page
from server.errors import DomainError
from server.notifications import inbox, wishes
from server.web.access import reads, submits
from server.web.pages import PageArgs, page_of, read_cursor
from server.web.problems import STATUS

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox", template_folder="templates")
MINE = "identity.use-console"


@blueprint.get("")
@reads(MINE)
def show_inbox(*, session: Session) -> str:
    """My messages, the latest first."""
    return _page(session)


@blueprint.get("/bell")
@reads(MINE)
def show_bell(*, session: Session) -> str:
    """How many messages wait; a part of every page."""
    return render_template("admin/messages/bell.html", unread=inbox.count_unread(session))


@blueprint.post("/<int:message_id>/reading")
@submits(MINE)
def read_message(*, message_id: int, session: Session) -> Any:
    """Say that I have read it: nothing more is sent of it."""
    inbox.open_letter(session, message_id)
    return redirect(url_for(".show_inbox"), HTTPStatus.SEE_OTHER)


@blueprint.get("/wishes")
@reads(MINE)
def show_wishes(*, session: Session) -> str:
    """By which ways I am written to."""
    return _wishes_page(session)


@blueprint.post("/wishes")
@submits(MINE)
def choose(*, session: Session) -> Any:
    """Want messages of a group by a way, or no more."""
    values, errors = submitted(WishForm)
    if errors:
        return _wishes_page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        wishes.choose(
            session, values["topic"], values["channel"], is_wanted=values["wanted"] == "yes"
        )
    except DomainError as refusal:
        return _wishes_page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_wishes"), HTTPStatus.SEE_OTHER)


@blueprint.post("/address")
@submits(MINE)
def set_address(*, session: Session) -> Any:
    """Write down where I read mail; an empty field ends it."""
    values, errors = submitted(AddressForm)
    if errors:
        return _wishes_page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    wishes.set_address(session, values["address"])
    return redirect(url_for(".show_wishes"), HTTPStatus.SEE_OTHER)


def _page(session: Session) -> str:
    filters = asked(PageArgs)
    after = read_cursor(filters["cursor"], datetime.fromisoformat, int)
    letters = inbox.list_letters(session, after=after, limit=filters["limit"] + 1)
    found = page_of(letters, limit=filters["limit"], key=lambda one: (one.at.isoformat(), one.id))
    return page(
        session,
        "admin/messages/inbox.html",
        found=found,
        unread=inbox.count_unread(session),
        is_first=after is None,
    )


def _wishes_page(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/messages/wishes.html",
        wishes=wishes.list_wishes(session),
        address=wishes.find_address(session),
        **facts,
    )

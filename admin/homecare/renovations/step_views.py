"""The steps of a renovation, each by the office whose step it is."""

from typing import Any

from flask import Blueprint
from sqlmodel import Session

from admin.homecare.renovations.forms import (
    AnswerForm,
    FinishForm,
    NoteForm,
    NothingForm,
    QuoteForm,
    ReasonForm,
)
from admin.homecare.renovations.one_views import done
from server.homecare.renovations import applying, building, quoting
from server.homecare.renovations.errors import QuoteUnusable
from server.web.access import submits

blueprint = Blueprint("renovation_steps", __name__, url_prefix="/renovations/<int:renovation_id>")

FILE, DECIDE, RUN, ACCEPT = (
    "homecare.file",
    "homecare.decide",
    "homecare.run",
    "homecare.accept",
)


@blueprint.post("/take-up")
@submits(FILE)
def take_up(*, renovation_id: int, session: Session) -> Any:
    """The community takes the application up."""
    return done(
        session, renovation_id, NothingForm, lambda: applying.take_up(session, renovation_id)
    )


@blueprint.post("/withdrawal")
@submits(FILE)
def withdraw(*, renovation_id: int, session: Session) -> Any:
    """The elder says at the window that they no longer want it."""

    def do(reason: str) -> None:
        applying.withdraw(session, renovation_id, note=reason)

    return done(session, renovation_id, ReasonForm, do)


@blueprint.post("/refusal")
@submits(DECIDE)
def refuse(*, renovation_id: int, session: Session) -> Any:
    """There will be none, and why."""

    def do(reason: str) -> None:
        applying.refuse(session, renovation_id, reason=reason)

    return done(session, renovation_id, ReasonForm, do)


@blueprint.post("/quote")
@submits(RUN)
def quote(*, renovation_id: int, session: Session) -> Any:
    """A price for everything that is needed."""

    def do(need: list[int], price: list[int], note: str) -> None:
        if len(need) != len(price):
            raise QuoteUnusable()
        prices = dict(zip(need, price, strict=True))
        quoting.quote(session, renovation_id, prices, note=note)

    return done(session, renovation_id, QuoteForm, do)


@blueprint.post("/yes")
@submits(FILE)
def agree(*, renovation_id: int, session: Session) -> Any:
    """The elder says yes at the window."""

    def do(quote: int, reason: str) -> None:
        quoting.agree(session, renovation_id, quote_id=quote)

    return done(session, renovation_id, AnswerForm, do)


@blueprint.post("/no")
@submits(FILE)
def decline(*, renovation_id: int, session: Session) -> Any:
    """The elder says no at the window."""

    def do(quote: int, reason: str) -> None:
        quoting.decline(session, renovation_id, quote_id=quote, reason=reason)

    return done(session, renovation_id, AnswerForm, do)


@blueprint.post("/finish")
@submits(RUN)
def finish(*, renovation_id: int, session: Session) -> Any:
    """The work is done."""

    def do(invoice_ref: str) -> None:
        building.finish(session, renovation_id, invoice_ref=invoice_ref)

    return done(session, renovation_id, FinishForm, do)


@blueprint.post("/acceptance")
@submits(ACCEPT)
def accept(*, renovation_id: int, session: Session) -> Any:
    """One of two finds it good."""

    def do(note: str) -> None:
        building.accept(session, renovation_id, note=note)

    return done(session, renovation_id, NoteForm, do)


@blueprint.post("/redoing")
@submits(ACCEPT)
def send_back(*, renovation_id: int, session: Session) -> Any:
    """It is not good: it is done again."""

    def do(reason: str) -> None:
        building.send_back(session, renovation_id, reason=reason)

    return done(session, renovation_id, ReasonForm, do)


@blueprint.post("/settling")
@submits(DECIDE)
def settle(*, renovation_id: int, session: Session) -> Any:
    """Two have found it good: the amounts stand."""
    return done(
        session, renovation_id, NothingForm, lambda: building.settle(session, renovation_id)
    )


@blueprint.post("/end")
@submits(DECIDE)
def end(*, renovation_id: int, session: Session) -> Any:
    """It cannot be brought to its end."""

    def do(reason: str) -> None:
        building.end(session, renovation_id, reason=reason)

    return done(session, renovation_id, ReasonForm, do)

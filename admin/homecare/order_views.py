"""The shortest way through a worker's day, beside what is planned; a button takes it over."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.homecare.forms import OrderFilters, OrderForm
from admin.homecare.reading import KEEP, own_sites
from admin.pages import page
from server import clock
from server.errors import DomainError, NotFound
from server.homecare.visits.ordering import accept_order, propose_order
from server.homecare.visits.roster import list_workers
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_order", __name__, url_prefix="/care/roster/order", template_folder="templates"
)


@blueprint.get("")
@reads(KEEP)
def propose(*, session: Session) -> str:
    """The day as it is, and in the order with the shortest way."""
    wish = asked(OrderFilters)
    return _page(session, wish["worker"], wish["day"] or clock.today())


@blueprint.post("")
@submits(KEEP)
def put_in_order(*, session: Session) -> Any:
    """Propose again with some hours kept, or move the visits as it was proposed."""
    wish, errors = submitted(OrderForm)
    if errors:
        raise NotFound()
    worker, day, kept = wish["worker"], wish["day"], set(wish["kept"])
    if not wish["accept"]:
        return _page(session, worker, day, kept=kept)
    _name(session, worker, day)
    try:
        accept_order(session, worker, day, kept=kept, mark=wish["mark"])
    except DomainError as refusal:
        return _page(session, worker, day, kept=kept, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("care_roster.show_roster", day=day), HTTPStatus.SEE_OTHER)


def _page(
    session: Session, worker: int, day: date, *, kept: set[int] | None = None, **facts: Any
) -> str:
    return page(
        session,
        "admin/homecare/order.html",
        name=_name(session, worker, day),
        worker=worker,
        day=day,
        kept=kept or set(),
        proposal=propose_order(session, worker, day, kept=kept or set()),
        **facts,
    )


def _name(session: Session, worker_id: int, day: date) -> str:
    """Return the name of a worker of the provider's own; raises `NotFound`."""
    for row in list_workers(session, own_sites(session), on=day):
        if row.worker_id == worker_id:
            return str(row.name)
    raise NotFound()

"""Who waits for a bed of one's own homes, in the order of the list."""

from http import HTTPStatus
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.facilities.path_forms import RemoveForm
from admin.forms import submitted
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.waiting import joining, queries
from server.identity.roles import reach_of
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("queue", __name__, url_prefix="/queue", template_folder="templates")

PERMISSION = "facilities.answer"


@blueprint.get("")
@reads(PERMISSION)
def show_queue(*, session: Session) -> str:
    """The lists by home and kind of bed, with offers that are open."""
    return _page(session)


@blueprint.post("/<int:entry_id>/removal")
@submits(PERMISSION)
def remove_entry(*, entry_id: int, session: Session) -> Any:
    """Take somebody off for a reason that they will read on the phone."""
    values, errors = submitted(RemoveForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        joining.remove(session, entry_id, reason=values["end_reason"])
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("queue.show_queue"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    reach = reach_of(actor_of(session), PERMISSION)
    rows = queries.list_waiting(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
    lists = groupby(rows, lambda row: (row.site_id, row.site_name, row.kind))
    return page(
        session,
        "admin/facilities/queue.html",
        lists=[(site_id, name, kind, list(rows)) for (site_id, name, kind), rows in lists],
        as_of=clock.now(),
        **facts,
    )

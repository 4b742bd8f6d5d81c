"""How full the beds were over time, of one home or of a county: drawn, and as a table."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint
from sqlalchemy import Row
from sqlmodel import Session

from admin.facilities.charts import draw
from admin.facilities.forms import HistoryArgs
from admin.facilities.overview_reading import scope_of
from admin.facilities.overview_views import PAGE
from admin.facilities.reading import OVERVIEW, SEE, get_home
from admin.forms import asked
from admin.pages import page
from admin.places import steps_to, widest
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.facilities.models import BedKind
from server.facilities.queries.history import count_by_day_within
from server.identity.roles import reach_of
from server.web.access import reads

blueprint = Blueprint("beds_history", __name__, url_prefix="/beds", template_folder="templates")

SPANS = (30, 90, 365)


@blueprint.get("/history")
@reads(OVERVIEW)
def show_scope(*, session: Session) -> str:
    """All homes of one's reach, or of a division in it."""
    filters = asked(HistoryArgs)
    reach = reach_of(actor_of(session), OVERVIEW)
    scope = scope_of(reach, filters["division"])
    steps = steps_to(session, filters["division"] or widest(reach), reach, PAGE)
    return _page(session, _days(session, filters, **scope), filters, steps=steps, home=None)


@blueprint.get("/<int:site_id>/history")
@reads(SEE)
def show_home(*, site_id: int, session: Session) -> str:
    """One home."""
    filters = asked(HistoryArgs)
    home = get_home(session, site_id, SEE)
    days = _days(session, filters, prefixes=(), site_ids=[site_id])
    return _page(session, days, filters, steps=[], home=home)


def _days(session: Session, filters: dict[str, Any], **scope: Any) -> Sequence[Row[Any]]:
    today: date = clock.today()
    since = today - timedelta(days=filters["days"] - 1)
    return count_by_day_within(session, **scope, since=since, until=today, kind=filters["kind"])


def _page(session: Session, days: Sequence[Row[Any]], filters: dict[str, Any], **facts: Any) -> str:
    return page(
        session,
        "admin/facilities/history.html",
        days=days,
        chart=draw(days),
        filters=filters,
        spans=SPANS,
        kinds=[(one.value, word("bed_kind", one)) for one in BedKind],
        as_of=clock.now(),
        **facts,
    )

"""What was called for, and how soon each provider had it in hand; every number opens its rows."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.homecare.alarms.forms import AlarmFilters, SpanFilters
from admin.homecare.alarms.reading import Shown, as_asked, in_time_within, shown, wanted_of
from admin.homecare.reading import scope
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.homecare.alarms import queries
from server.homecare.alarms.models import AlarmKind, AlarmOutcome
from server.homecare.alarms.queries import Answered, Wanted
from server.i18n.catalogues import gettext as _
from server.web.access import noted, reads

blueprint = Blueprint(
    "alarm_history", __name__, url_prefix="/homecare/alarms", template_folder="templates"
)
SEE = "homecare.see-alarms"


@blueprint.get("/history")
@reads(SEE)
def list_alarms(*, session: Session) -> str:
    """What was raised on some days, the newest first."""
    wanted = wanted_of(asked(AlarmFilters))
    return page(
        session,
        "admin/homecare/alarms.html",
        alarms=_alarms(session, wanted),
        wanted=wanted,
        said=as_asked(wanted),
        kinds=[(kind.value, word("alarm_kind", kind)) for kind in AlarmKind],
        outcomes=[(outcome.value, word("alarm_outcome", outcome)) for outcome in AlarmOutcome],
        answers=[(answered.value, word("answered", answered)) for answered in Answered],
        as_of=clock.now(),
    )


@blueprint.get(f"/history/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_alarms(*, ending: str, session: Session) -> Response:
    """The same as a file, people with stars."""
    headings = [_("Raised"), _("The person"), _("Provider"), _("Kind"), _("State"),
                _("Until somebody had it, m:ss"), _("In hand of"), _("How it ended"),
                _("Signals"), _("Note")]  # fmt: skip
    alarms = _alarms(session, wanted_of(asked(AlarmFilters)))
    return export(ending, _("Calls for help"), headings, map(_cells, alarms))


@blueprint.get("/providers")
@reads(SEE)
def list_providers(*, session: Session) -> str:
    """Providers side by side: how many calls, and how soon somebody had them in hand."""
    wanted = wanted_of(asked(SpanFilters))
    return page(
        session,
        "admin/homecare/alarm_providers.html",
        providers=_providers(session, wanted),
        wanted=wanted,
        said=as_asked(wanted),
        seconds=in_time_within(session),
        as_of=clock.now(),
    )


@blueprint.get(f"/providers/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_providers(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Provider"), _("Calls for help"), *(word("answered", one) for one in Answered),
                _("Half of them within, seconds")]  # fmt: skip
    rows = (
        [row.name, row.alarms, row.in_time, row.late, row.not_yet, _whole(row.median)]
        for row in _providers(session, wanted_of(asked(SpanFilters)))
    )
    return export(ending, _("How soon providers answer"), headings, rows)


def _alarms(session: Session, wanted: Wanted) -> list[Shown]:
    seconds = in_time_within(session)
    rows = queries.list_raised(session, scope(session, SEE), wanted, seconds=seconds)
    return shown(session, rows)


def _providers(session: Session, wanted: Wanted) -> Any:
    seconds = in_time_within(session)
    return queries.list_providers(session, scope(session, SEE), wanted, seconds=seconds)


def _whole(seconds: Any) -> int | None:
    return None if seconds is None else round(seconds)


def _cells(alarm: Shown) -> list[Any]:
    row = alarm.row
    outcome = word("alarm_outcome", row.outcome) if row.outcome else ""
    answered = alarm.waited if row.acknowledged_at else ""
    return [row.raised_at, masking.name(row.resident_name or ""), row.site_name,
            word("alarm_kind", row.kind), word("alarm_state", row.state), answered,
            row.staff_name, outcome, row.signals, row.note]  # fmt: skip

"""护理员提醒: what was sent to whom and how it stands, and what the next 30 days bring."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.clockwork.forms import ComingFilters, ReminderArgs, ReminderFilters
from admin.exports import CSV, XLSX, export
from admin.facilities.homes_table import county_choices, in_address
from admin.forms import asked
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.caregivers.reminders.models import ReminderKind
from server.caregivers.reminders.queries import (
    ReminderFilter,
    ReminderState,
    list_coming,
    list_reminders,
    list_sites,
)
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.web.access import reads
from server.web.pages import page_of, read_cursor

SEE, KEEP, VERIFY = "caregivers.see", "caregivers.keep", "caregivers.verify"
MOST_IN_AN_EXPORT = 20_000
blueprint = Blueprint(
    "caregiver_reminders", __name__, url_prefix="/caregivers/reminders", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_sent(*, session: Session) -> str:
    """What was sent, the latest first, with what has been put right since."""
    filters = asked(ReminderArgs)
    after = read_cursor(filters.pop("cursor"), date.fromisoformat, int)
    limit = filters.pop("limit")
    wanted = ReminderFilter(**filters)
    rows = list_reminders(session, wanted, day=clock.today(), after=after, limit=limit + 1)
    found = page_of(rows, limit=limit, key=lambda row: (row.due_on.isoformat(), row.id))
    return page(
        session,
        "admin/clockwork/sent.html",
        found=found,
        called=_calling(session),
        filters=filters,
        asked_for=in_address(filters),
        is_first=after is None,
        states=[(one.value, word("reminder_state", one)) for one in ReminderState],
        as_of=clock.now(),
        **_choices(session),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_sent(*, ending: str, session: Session) -> Response:
    """The filtered reminders as a file."""
    wanted = ReminderFilter(**asked(ReminderFilters))
    rows = list_reminders(session, wanted, day=clock.today(), limit=MOST_IN_AN_EXPORT)
    headings = [_("Reminded on"), _("To whom"), _("Site"), _("County"), _("What about"),
                _("Day it is about"), _("State"), _("Put right on"), _("By message")]  # fmt: skip
    called = _calling(session)
    cells = (_cells(row, called) for row in rows)
    return export(ending, _("Caregivers reminded"), headings, cells)


@blueprint.get("/coming")
@reads(SEE)
def show_coming(*, session: Session) -> str:
    """What the next 30 days bring if nothing changes, by the rules that send it."""
    filters = asked(ComingFilters)
    return page(
        session,
        "admin/clockwork/coming.html",
        coming=list_coming(session, ReminderFilter(**filters), day=clock.today()),
        called=_calling(session),
        filters=filters,
        asked_for=in_address(filters),
        as_of=clock.now(),
        **_choices(session),
    )


@blueprint.get(f"/coming/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_coming(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    wanted = ReminderFilter(**asked(ComingFilters))
    headings = [_("Will be reminded on"), _("To whom"), _("Site"), _("What about"),
                _("Day it is about")]  # fmt: skip
    coming, called = list_coming(session, wanted, day=clock.today()), _calling(session)
    cells = (
        [one.due.due_on, called(one.caregiver_name, one.due.site_id), one.site_name,
         word("reminder_kind", one.due.kind), one.due.about_on]
        for one in coming
    )  # fmt: skip
    return export(ending, _("Reminders to come"), headings, cells)


def _choices(session: Session) -> Mapping[str, Sequence[tuple[str, str]]]:
    return {
        "kinds": [(one.value, word("reminder_kind", one)) for one in ReminderKind],
        "sites": [(str(row.id), row.name) for row in list_sites(session)],
        "counties": county_choices(session, SEE),
    }


def _calling(session: Session) -> Callable[[str, int | None], str]:
    """How a caregiver's name is read here: whole by their own employer and by the offices that
    look after their files; masked by whoever only looks."""
    actor = actor_of(session)
    is_office, own = may(actor, VERIFY), reach_of(actor, KEEP).site_ids

    def called(name: str, site_id: int | None) -> str:
        return name if is_office or site_id in own else masking.name(name)

    return called


def _cells(row: Row[Any], called: Callable[[str, int | None], str]) -> list[Any]:
    name = row.caregiver_name and called(row.caregiver_name, row.site_id)
    whom = name or row.site_name or row.county_name
    by_message = _("yes") if row.reached else _("no")
    return [row.due_on, whom, row.site_name, row.county_name, word("reminder_kind", row.kind),
            row.about_on, word("reminder_state", row.state), row.done_on, by_message]  # fmt: skip

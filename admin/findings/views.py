"""What does not fit: found by the platform, looked into and settled by people."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.findings.forms import (
    CloseForm,
    DeathForm,
    FindingArgs,
    FindingFilters,
    RecoverForm,
    SettleForm,
    TakeForm,
)
from admin.findings.reading import Names
from admin.findings.visits import compared, explanation
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.facilities.deaths import confirm_death, deny_death
from server.files.images import MEDIA_TYPE
from server.files.queries import find_content
from server.findings import queries, service
from server.findings.models import FindingKind, FindingState
from server.findings.queries import FindingFilter
from server.i18n.catalogues import gettext as _
from server.providers.queries import find_site_names
from server.subsidies.checks.checks import BLOCKING, BY_KIND
from server.subsidies.checks.reading import list_lines
from server.web.access import reads, submits
from server.web.pages import page_of, read_cursor
from server.web.problems import STATUS

blueprint = Blueprint("findings", __name__, url_prefix="/findings", template_folder="templates")

SEE, SETTLE = "findings.see", "findings.settle"
# Whoever may take a report of a death back says whether there was one.
CONFIRM = "residents.reverse-departure"
MOST_IN_AN_EXPORT = 20_000


@blueprint.get("")
@reads(SEE)
def list_findings(*, session: Session) -> str:
    """The findings that fit, the newest first."""
    filters = asked(FindingArgs)
    after = read_cursor(filters.pop("cursor"), datetime.fromisoformat, int)
    limit = filters.pop("limit")
    rows = queries.list_findings(session, FindingFilter(**filters), after=after, limit=limit + 1)
    found = page_of(rows, limit=limit, key=lambda row: (row.found_at.isoformat(), row.id))
    sites = find_site_names(session, queries.list_site_ids(session))
    return page(
        session,
        "admin/findings/list.html",
        found=found,
        names=Names.of(session, found["items"]),
        filters=filters,
        asked_for=_in_address(filters),
        is_first=after is None,
        kinds=[(one.value, word("finding_kind", one)) for one in FindingKind],
        states=[(one.value, word("finding_state", one)) for one in FindingState],
        sites=[(str(number), name) for number, name in sites.items()],
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_findings(*, ending: str, session: Session) -> Response:
    """The filtered findings as a file, with names starred."""
    wanted = FindingFilter(**asked(FindingFilters))
    rows = queries.list_findings(session, wanted, limit=MOST_IN_AN_EXPORT)
    names = Names.of(session, rows)
    headings = [_("Number"), _("What"), _("Person"), _("What does not fit"), _("Found"),
                _("State"), _("Who looks into it"), _("Until"), _("Note")]  # fmt: skip
    cells = (
        [row.id, word("finding_kind", row.kind), names.resident(row), names.evidence(row),
         row.found_at, word("finding_state", row.state), row.owner_name, row.due_on, row.note]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Findings"), headings, cells)


@blueprint.get("/<int:finding_id>")
@reads(SEE)
def show_finding(*, finding_id: int, session: Session) -> str:
    """One finding with its evidence, and what can be done with it."""
    return _page(session, finding_id)


@blueprint.get("/<int:finding_id>/photos/<int:file_id>")
@reads(SEE)
def show_photo(*, finding_id: int, file_id: int, session: Session) -> Response:
    """The photo of a visit that the finding speaks of."""
    visits = compared(session, queries.get_finding(session, finding_id))
    shown = {visit.photo_file_id for visit in visits}
    content = find_content(session, file_id) if file_id in shown else None
    if content is None:
        raise NotFound()
    return Response(content, mimetype=MEDIA_TYPE)


@blueprint.post("/<int:finding_id>/owner")
@submits(SETTLE)
def take(*, finding_id: int, session: Session) -> Any:
    """Look into it oneself, until a day."""
    _check_settled_by_hand(session, finding_id)
    values, errors = submitted(TakeForm)
    return _after(
        session,
        finding_id,
        errors,
        lambda: service.take_finding(session, finding_id, **values),
    )


@blueprint.post("/<int:finding_id>/outcome")
@submits(SETTLE)
def settle(*, finding_id: int, session: Session) -> Any:
    """Say that it is true, or a false alarm, and why."""
    _check_settled_by_hand(session, finding_id)
    values, errors = submitted(SettleForm)
    return _after(
        session,
        finding_id,
        errors,
        lambda: service.settle_finding(
            session, finding_id, is_true=values["came_to"] == "true", note=values["note"]
        ),
    )


@blueprint.post("/<int:finding_id>/death")
@submits(CONFIRM)
def settle_death(*, finding_id: int, session: Session) -> Any:
    """Confirm that somebody died in a home, which reports it; or deny it, and the stay goes on."""
    values, errors = submitted(DeathForm)

    def step() -> None:
        if values["came_to"] == "true":
            confirm_death(session, finding_id, died_on=values["died_on"], note=values["note"])
        else:
            deny_death(session, finding_id, note=values["note"])

    return _after(session, finding_id, errors, step)


@blueprint.post("/<int:finding_id>/recovery")
@submits(SETTLE)
def recover(*, finding_id: int, session: Session) -> Any:
    """Ask an amount back."""
    values, errors = submitted(RecoverForm)
    return _after(
        session,
        finding_id,
        errors,
        lambda: service.recover_by_finding(
            session, finding_id, fen=int(values["amount"] * 100), note=values["how"]
        ),
    )


@blueprint.post("/<int:finding_id>/closing")
@submits(SETTLE)
def close(*, finding_id: int, session: Session) -> Any:
    """Note that what followed is done."""
    values, errors = submitted(CloseForm)
    return _after(
        session,
        finding_id,
        errors,
        lambda: service.close_finding(session, finding_id, **values),
    )


def _check_settled_by_hand(session: Session, finding_id: int) -> None:
    """Raise `NotFound` for a death in a home: what it came to is reported as well."""
    if queries.get_finding(session, finding_id).kind is FindingKind.DEATH_IN_A_STAY:
        raise NotFound()


def _after(
    session: Session, finding_id: int, errors: dict[str, list[str]], step: Callable[[], None]
) -> Any:
    if errors:
        return _page(session, finding_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        step()
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(session, finding_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("findings.show_finding", finding_id=finding_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, finding_id: int, **facts: Any) -> str:
    finding = queries.get_finding(session, finding_id)
    return page(
        session,
        "admin/findings/finding.html",
        finding=finding,
        names=Names.of(session, [finding]),
        own_id=actor_of(session).staff_id,
        today=clock.today(),
        why=explanation(finding),
        visits=compared(session, finding),
        lines=list_lines(session, finding_id) if finding.kind in BY_KIND else [],
        is_blocking=finding.kind in BLOCKING,
        **facts,
    )


def _in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(getattr(value, "value", value)) for name, value in filters.items() if value}

"""Care plans of a provider's beds at home: drafted here, agreed to by the elder on the phone."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.homecare.forms import PlanForm, PlanItemForm
from admin.homecare.reading import KEEP, SEE, may_keep, scope
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError, NotFound
from server.homecare.plans import queries, service
from server.homecare.plans.models import CareService
from server.homecare.plans.rules import Draft
from server.homecare.visits.queries import list_beds
from server.homecare.visits.roster import list_workers
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.web.access import reads, submits
from server.web.problems import STATUS, sentence_of

blueprint = Blueprint("care_plan", __name__, url_prefix="/care/plans", template_folder="templates")
ROWS = range(1, 6)
OF_A_ROW = ("services", "weekdays", "starts", "worker")


@blueprint.get("")
@reads(SEE)
def list_plans(*, session: Session) -> str:
    """The provider's beds at home, each with its way to the plan."""
    return page(session, "admin/homecare/plans.html", beds=list_beds(session, scope(session)))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_plans(*, ending: str, session: Session) -> Response:
    """Every visit of the week's pattern as a file, of plans that count or wait."""
    catalogue = queries.list_services(session, on=clock.today())
    headings = [_("The elder"), _("Provider"), _("State"), _("First day"), _("Weekdays"),
                _("Begins at"), _("Minutes"), _("Services"), _("Care worker"),
                _("What the elder wishes")]  # fmt: skip
    items = queries.list_items(session, scope(session))
    cells = (_cells(item, catalogue) for item in items)
    return export(ending, _("Care plans"), headings, cells)


@blueprint.get("/<int:home_bed_id>")
@reads(SEE)
def show_plan(*, home_bed_id: int, session: Session) -> str:
    """Every version of a bed's plan, and a form for the next."""
    return _page(session, home_bed_id)


@blueprint.post("/<int:home_bed_id>")
@submits(KEEP)
def draft(*, home_bed_id: int, session: Session) -> Any:
    """Add up a new version, or put it before the elder."""
    _bed(session, home_bed_id)
    drafts, errors = _drafts()
    values, faults = _head()
    if errors or faults:
        return _page(session, home_bed_id, errors=errors | faults), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        if "weigh" in request.form:
            return _page(session, home_bed_id, weighed=service.weigh(session, drafts))
        service.draft_plan(session, home_bed_id, drafts, **values)
    except DomainError as refusal:
        return _page(session, home_bed_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_plan", home_bed_id=home_bed_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:home_bed_id>/<int:plan_id>/withdrawal")
@submits(KEEP)
def withdraw(*, home_bed_id: int, plan_id: int, session: Session) -> Any:
    """Take back what nobody has agreed to yet."""
    _bed(session, home_bed_id)
    plan = queries.get_plan(session, plan_id)
    if plan.home_bed_id != home_bed_id:
        raise NotFound()
    try:
        service.withdraw_plan(session, plan_id)
    except DomainError as refusal:
        return _page(session, home_bed_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_plan", home_bed_id=home_bed_id), HTTPStatus.SEE_OTHER)


def _cells(item: Row[Any], catalogue: Mapping[str, CareService]) -> list[Any]:
    named = "、".join(_service_name(catalogue.get(code), code) for code in item.services)
    days = "、".join(word("weekday", str(day)) for day in item.weekdays)
    return [
        *(item.resident_name, item.site_name, word("plan_state", item.state), item.starts_on),
        *(days, f"{item.starts:%H:%M}", item.minutes, named, item.worker_name, item.note),
    ]


def _service_name(service: CareService | None, code: str) -> str:
    if service is None:
        return code
    return service.name_en if current_language() == "en" else service.name_zh


def _drafts() -> tuple[list[Draft], dict[str, list[str]]]:
    """The rows that are filled in, and a sentence list for each field that is wrong."""
    drafts: list[Draft] = []
    errors: dict[str, list[str]] = {}
    for number in ROWS:
        if not request.form.getlist(f"services-{number}"):
            continue
        try:
            given = PlanItemForm().load(_row(number))
        except ma.ValidationError as refusal:
            errors |= _sentences(refusal)
        else:
            drafts.append(_draft(given))
    return drafts, errors


def _row(number: int) -> dict[str, Any]:
    sent = {name: request.form.get(f"{name}-{number}", "").strip() for name in OF_A_ROW[2:]}
    several = {name: request.form.getlist(f"{name}-{number}") for name in OF_A_ROW[:2]}
    return {name: value for name, value in sent.items() if value} | several


def _draft(given: Mapping[str, Any]) -> Draft:
    return Draft(given["services"], given["weekdays"], given["starts"], given["worker"])


def _head() -> tuple[dict[str, Any], dict[str, list[str]]]:
    sent = {name: request.form.get(name, "").strip() for name in ("starts_on", "note")}
    try:
        return PlanForm().load({name: value for name, value in sent.items() if value}), {}
    except ma.ValidationError as refusal:
        return {}, _sentences(refusal)


def _sentences(refusal: ma.ValidationError) -> dict[str, list[str]]:
    return {
        field: [sentence_of(_first(messages))] for field, messages in refusal.messages_dict.items()
    }


def _first(messages: Any) -> Any:
    while isinstance(messages, (dict, list)):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages


def _bed(session: Session, home_bed_id: int) -> Any:
    for bed in list_beds(session, scope(session)):
        if bed.id == home_bed_id:
            return bed
    raise NotFound()


def _page(session: Session, home_bed_id: int, **facts: Any) -> str:
    bed = _bed(session, home_bed_id)
    plans: Sequence[Any] = queries.list_plans_of_bed(session, home_bed_id)
    today = clock.today()
    return page(
        session,
        "admin/homecare/plan.html",
        bed=bed,
        plans=plans,
        items=queries.items_of(session, [plan.id for plan in plans]),
        services=queries.list_services(session, on=today),
        workers=[
            (row.worker_id, row.name) for row in list_workers(session, [bed.site_id], on=today)
        ],
        rows=ROWS,
        sent=request.form,
        tomorrow=today + today.resolution,
        may_keep=may_keep(session),
        **facts,
    )

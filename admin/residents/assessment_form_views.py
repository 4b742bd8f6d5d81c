"""The form of an assessment, one step after another; it adds up and saves while it is filled in."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.pages import is_part, page
from admin.residents.assessment_forms import (
    ADD_UP,
    CHECK,
    STEPS,
    StepArgs,
    changes_of,
    step_form,
)
from admin.residents.assessment_reading import (
    ASSESS,
    age_of,
    in_words,
    note_of,
    open_resident,
    standing_of,
    steps_of,
    told,
)
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.residents.assessments import service
from server.residents.assessments.errors import NotTheAssessor
from server.residents.assessments.models import CareRisk
from server.residents.assessments.queries import get_assessment, get_sheet
from server.residents.assessments.scale import scales
from server.residents.assessments.sheet import Sheet
from server.web.access import reads, submits

blueprint = Blueprint(
    "assessment_form",
    __name__,
    url_prefix="/residents/<int:resident_id>/assessments/<int:assessment_id>/form",
    template_folder="templates",
)


@blueprint.get("")
@reads(ASSESS)
def show_form(*, resident_id: int, assessment_id: int, session: Session) -> Any:
    """One step of the form, with what was answered before; it goes on where one left off."""
    resident = open_resident(session, resident_id, ASSESS)
    assessment = get_assessment(session, assessment_id, resident_id=resident_id)
    if assessment.status not in service.OPEN:
        return redirect(_result(assessment), HTTPStatus.SEE_OTHER)
    if assessment.assessor_id != actor_of(session).staff_id:
        raise NotTheAssessor()
    step = asked(StepArgs)["step"]
    return _form_page(session, resident, assessment, step, get_sheet(session, assessment_id))


@blueprint.post("")
@submits(ASSESS)
def save_step(*, resident_id: int, assessment_id: int, session: Session) -> Any:
    """Keep the answers of a step: htmx is given the sums, a browser without it the next step."""
    resident = open_resident(session, resident_id, ASSESS)
    assessment = get_assessment(session, assessment_id, resident_id=resident_id)
    scale = scales()[assessment.scale_version]
    values, errors = submitted(step_form(scale))
    if errors:
        return _again(session, resident, assessment, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        sheet = service.save_sheet(session, assessment_id, changes_of(values, scale))
    except DomainError as refusal:
        return _again(session, resident, assessment, {"": [told(refusal)]}), HTTPStatus.CONFLICT
    if is_part():
        return _sums(
            session, resident, assessment, sheet, step=values["step"], saved_at=clock.now()
        )
    step = values["step"] if values["go"] == ADD_UP else _after(values["step"])
    return redirect(_step(assessment, step), HTTPStatus.SEE_OTHER)


@blueprint.post("/submission")
@submits(ASSESS)
def submit(*, resident_id: int, assessment_id: int, session: Session) -> Any:
    """Hand the sheet in for a review."""
    resident = open_resident(session, resident_id, ASSESS)
    assessment = get_assessment(session, assessment_id, resident_id=resident_id)
    try:
        service.submit_assessment(session, assessment_id)
    except DomainError as refusal:
        sheet = get_sheet(session, assessment_id)
        form = _form_page(session, resident, assessment, CHECK, sheet, errors={"": [told(refusal)]})
        return form, HTTPStatus.CONFLICT
    return redirect(_result(assessment), HTTPStatus.SEE_OTHER)


def _again(
    session: Session, resident: Row[Any], assessment: Row[Any], errors: dict[str, list[str]]
) -> str:
    """Show what is wrong: in the sums for htmx, else above the step as it was kept last."""
    sheet = get_sheet(session, assessment.id)
    if is_part():
        return _sums(session, resident, assessment, sheet, errors=errors)
    sent = request.form.get("step", "")
    step = sent if sent in STEPS else STEPS[0]
    return _form_page(session, resident, assessment, step, sheet, errors=errors)


def _form_page(
    session: Session,
    resident: Row[Any],
    assessment: Row[Any],
    step: str,
    sheet: Sheet,
    errors: dict[str, list[str]] | None = None,
) -> str:
    scale = scales()[assessment.scale_version]
    return page(
        session,
        "admin/residents/assessment_form.html",
        resident=resident,
        age=age_of(resident),
        assessment=assessment,
        scale=scale,
        step=step,
        before_step=STEPS[STEPS.index(step) - 1] if step != STEPS[0] else None,
        section=scale.section(step),
        steps=steps_of(scale, sheet.points),
        sheet=sheet,
        standing=standing_of(session, assessment, sheet),
        risks=list(CareRisk),
        note=note_of(assessment),
        in_words=in_words,
        typed=request.form if errors else {},
        errors=errors or {},
    )


def _sums(
    session: Session, resident: Row[Any], assessment: Row[Any], sheet: Sheet, **facts: Any
) -> str:
    """Return the sums, and where something was saved the steps with them."""
    scale = scales()[assessment.scale_version]
    return render_template(
        "admin/residents/assessment_sums.html",
        resident=resident,
        assessment=assessment,
        scale=scale,
        steps=steps_of(scale, sheet.points),
        standing=standing_of(session, assessment, sheet),
        in_words=in_words,
        **facts,
    )


def _after(step: str) -> str:
    return STEPS[STEPS.index(step) + 1] if step != STEPS[-1] else step


def _step(assessment: Row[Any], step: str) -> str:
    return url_for(
        "assessment_form.show_form",
        resident_id=assessment.resident_id,
        assessment_id=assessment.id,
        step=step,
    )


def _result(assessment: Row[Any]) -> str:
    return url_for(
        "assessments.show_result",
        resident_id=assessment.resident_id,
        assessment_id=assessment.id,
    )

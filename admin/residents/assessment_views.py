"""A resident's assessments: the list, a new one, and a result on the screen and on paper."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import submitted
from admin.pages import page
from admin.residents.assessment_forms import BeginForm, NoteForm
from admin.residents.assessment_reading import (
    ASSESS,
    REVIEW,
    SEE,
    age_of,
    dimensions,
    in_words,
    note_of,
    open_resident,
    told,
)
from admin.residents.file_reading import closed_page_or_none
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.residents.assessments import service
from server.residents.assessments.models import AssessmentReason, AssessmentStatus
from server.residents.assessments.proof import number_of
from server.residents.assessments.queries import (
    find_before,
    find_level,
    get_assessment,
    get_sheet,
    list_assessments,
)
from server.residents.assessments.scale import scales
from server.web.access import reads, submits

blueprint = Blueprint(
    "assessments",
    __name__,
    url_prefix="/residents/<int:resident_id>/assessments",
    template_folder="templates",
)


@blueprint.get("")
@reads(SEE)
def list_of_resident(*, resident_id: int, session: Session) -> str:
    """The level that holds today, and every assessment behind it."""
    return _list_page(session, open_resident(session, resident_id, SEE), {})


@blueprint.post("")
@submits(ASSESS)
def begin(*, resident_id: int, session: Session) -> Any:
    """Begin an assessment and go to its form."""
    resident = open_resident(session, resident_id, ASSESS)
    values, errors = submitted(BeginForm)
    if not errors:
        try:
            begun = service.begin_assessment(session, resident_id, **values)
        except DomainError as refusal:
            errors = {"": [told(refusal)]}
        else:
            address = url_for(
                "assessment_form.show_form", resident_id=resident_id, assessment_id=begun.id
            )
            return redirect(address, HTTPStatus.SEE_OTHER)
    return _list_page(session, resident, errors), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/<int:assessment_id>")
@reads(SEE)
def show_result(*, resident_id: int, assessment_id: int, session: Session) -> str:
    """What an assessment came to and why, beside the one before; printed on one sheet of A4."""
    resident = open_resident(session, resident_id, SEE)
    return result_page(session, resident, assessment_id, [])


@blueprint.post("/<int:assessment_id>/withdrawal")
@submits(ASSESS)
def withdraw(*, resident_id: int, assessment_id: int, session: Session) -> Any:
    """Take an assessment back that nobody has confirmed."""
    resident = open_resident(session, resident_id, ASSESS)
    get_assessment(session, assessment_id, resident_id=resident_id)
    values, errors = submitted(NoteForm)
    refusals = [_("Say why.")] if errors else []
    if not errors:
        try:
            service.withdraw_assessment(session, assessment_id, **values)
        except DomainError as refusal:
            refusals = [told(refusal)]
        else:
            address = url_for("assessments.list_of_resident", resident_id=resident_id)
            return redirect(address, HTTPStatus.SEE_OTHER)
    return result_page(session, resident, assessment_id, refusals), HTTPStatus.CONFLICT


def result_page(
    session: Session, resident: Row[Any], assessment_id: int, refusals: list[str]
) -> str:
    """Return the page of one assessment, with what was refused on top.

    An assessor need not open a file to see the own work that is not confirmed yet.
    """
    assessment = get_assessment(session, assessment_id, resident_id=resident.id)
    is_own = assessment.assessor_id == actor_of(session).staff_id
    is_own_work = is_own and assessment.status in service.NOT_DECIDED
    closed = None if is_own_work else closed_page_or_none(session, resident.id)
    return closed or _result(session, resident, assessment, refusals)


def _result(session: Session, resident: Row[Any], assessment: Row[Any], refusals: list[str]) -> str:
    is_reckoned = assessment.total is not None and assessment.status != AssessmentStatus.RETURNED
    is_confirmed = assessment.status == AssessmentStatus.CONFIRMED
    scale = scales()[assessment.scale_version]
    before = find_before(session, assessment)
    return page(
        session,
        "admin/residents/assessment_result.html",
        resident=resident,
        age=age_of(resident, on=assessment.assessed_on),
        assessment=assessment,
        scale=scale,
        sheet=get_sheet(session, assessment.id),
        before=before,
        dimensions=dimensions(scale, assessment, before) if is_reckoned else (),
        number=number_of(assessment) if is_confirmed else "",
        note=note_of(assessment),
        in_words=in_words,
        refusals=refusals,
        today=clock.today(),
        **_rights(session, assessment),
    )


def _rights(session: Session, assessment: Row[Any]) -> dict[str, bool]:
    """Return what this person can do with the assessment as it stands."""
    actor = actor_of(session)
    is_own = assessment.assessor_id == actor.staff_id
    is_open = assessment.status in service.OPEN
    is_submitted = assessment.status == AssessmentStatus.SUBMITTED
    reviews = may(actor, REVIEW)
    return {
        "is_own": is_own,
        "can_fill_in": is_own and is_open and may(actor, ASSESS),
        "can_review": is_submitted and reviews and not is_own,
        "must_be_reviewed_by_another": is_submitted and reviews and is_own,
        "can_withdraw": (is_open or is_submitted) and may(actor, ASSESS) and (is_own or reviews),
    }


def _list_page(session: Session, resident: Row[Any], errors: dict[str, list[str]]) -> str:
    return closed_page_or_none(session, resident.id) or _list(session, resident, errors)


def _list(session: Session, resident: Row[Any], errors: dict[str, list[str]]) -> str:
    assessments = list_assessments(session, resident.id)
    first = AssessmentReason.ROUTINE if assessments else AssessmentReason.FIRST
    return page(
        session,
        "admin/residents/assessments.html",
        resident=resident,
        age=age_of(resident),
        assessments=assessments,
        level=find_level(session, resident.id, on=clock.today()),
        may_assess=may(actor_of(session), ASSESS),
        has_open=any(one.status in service.NOT_DECIDED for one in assessments),
        reasons=[(one.value, word("assessment_reason", one)) for one in AssessmentReason],
        first_reason=first.value,
        typed=request.form if errors else {},
        errors=errors,
        today=clock.today(),
    )

"""Courses of the actor's sites and offices: what is taught, how long, and what it takes to pass."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.training.forms import CourseChangeForm, CourseForm, NoFilters, OfferForm
from admin.training.reading import SEE, TEACH, home_of, keepers, pairs, reach
from admin.words import word
from server.caregivers.training import keeping, queries
from server.caregivers.training.models import CourseKind
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "courses", __name__, url_prefix="/training/courses", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_courses(*, session: Session) -> str:
    """Those that are kept within reach."""
    asked(NoFilters)
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_courses(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    asked(NoFilters)
    headings = [_("Course"), _("Kind"), _("Skill level"), _("Hours"), _("Least attendance (%)"),
                _("Pass mark"), _("Costs a trainee (yuan)"), _("Kept by")]  # fmt: skip
    rows = (
        [row.name, word("course_kind", row.kind), row.level, row.minutes / 60, row.least_percent,
         row.pass_mark, in_yuan(row.cost_fen), row.site_name or row.division]
        for row in queries.list_courses(session, reach(session))
    )  # fmt: skip
    return export(ending, _("Courses"), headings, rows)


@blueprint.post("")
@submits(TEACH)
def put_up(*, session: Session) -> Any:
    """Put a course up."""
    values, errors = submitted(CourseForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    home = home_of(session, values.pop("held_at"))
    keeping.put_course(session, home, **_facts(values))
    return redirect(url_for(".list_courses"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:course_id>/offer")
@submits(TEACH)
def offer(*, course_id: int, session: Session) -> Any:
    """Offer a course again, or no longer; its sessions go on."""
    course = queries.get_course(session, course_id, reach(session, TEACH))
    values, errors = submitted(OfferForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    keeping.change_course(session, course, **values)
    return redirect(url_for(".list_courses"), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:course_id>")
@reads(TEACH)
def show_course(*, course_id: int, session: Session) -> str:
    """What the course says, to be mended."""
    return _course_page(session, course_id)


@blueprint.post("/<int:course_id>")
@submits(TEACH)
def edit(*, course_id: int, session: Session) -> Any:
    """Mend what the course says; while people learn in it, what touches none of them."""
    course = queries.get_course(session, course_id, reach(session, TEACH))
    values, errors = submitted(CourseChangeForm)
    if errors:
        return _course_page(session, course_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    if "hours" in values:
        values["minutes"] = values.pop("hours") * 60
    if "cost" in values:
        values["cost_fen"] = values.pop("cost")
    try:
        keeping.edit_course(session, course, **values)
    except DomainError as refusal:
        return _course_page(session, course_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_courses"), HTTPStatus.SEE_OTHER)


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    return values | {
        "minutes": values.pop("hours") * 60,
        "cost_fen": values.pop("cost"),
        "has_exam": values["pass_mark"] is not None,
    }


def _course_page(session: Session, course_id: int, **facts: Any) -> str:
    return page(
        session,
        "admin/training/course.html",
        course=queries.get_course(session, course_id, reach(session, TEACH)),
        is_published=keeping.is_published(session, course_id),
        sent=request.form,
        **facts,
    )


def _page(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/training/courses.html",
        rows=queries.list_courses(session, reach(session)),
        keepers=keepers(session),
        kinds=pairs("course_kind", CourseKind),
        levels=[(str(level), word("skill_level", str(level))) for level in (5, 4, 3, 2, 1)],
        sent=request.form,
        **facts,
    )

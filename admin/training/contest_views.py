"""技能竞赛: who enters, the scores on one screen, and the ranks."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.training.forms import ContestForm, NoFilters, PeopleForm
from admin.training.reading import CONTESTS, ENROL, SEE, keepers, pairs, reach
from server import clock
from server.caregivers.training import contests, queries
from server.caregivers.training.models import ContestLevel
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "contests", __name__, url_prefix="/training/contests", template_folder="templates"
)
MOST_HUNDREDTHS = 100_000


@blueprint.get("")
@reads(SEE)
def list_contests(*, session: Session) -> str:
    """Those of one's places, and of the city."""
    asked(NoFilters)
    return _page(session)


@blueprint.post("")
@submits(CONTESTS)
def put_up(*, session: Session) -> Any:
    """Put one up."""
    values, errors = submitted(ContestForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    code = values.pop("held_at")[1:]
    if code not in reach(session, CONTESTS).prefixes:
        raise NotFound()
    made = contests.put_contest(session, division_code=code, **values)
    return redirect(url_for(".show_contest", contest_id=made.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:contest_id>")
@reads(SEE)
def show_contest(*, contest_id: int, session: Session) -> str:
    """Who entered, and the ranks."""
    asked(NoFilters)
    return _one_page(session, contest_id)


@blueprint.get(f"/<int:contest_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_entrants(*, contest_id: int, ending: str, session: Session) -> Response:
    """The same as a file."""
    contest = contests.get_contest(session, contest_id, reach(session))
    headings = [_("Rank"), _("Name"), _("Works at"), _("Score"), _("Award")]
    rows = (
        [row.rank, row.name, row.site_name, _points(row.score_hundredths), row.award]
        for row in contests.list_entrants(session, contest_id)
    )
    return export(ending, contest.name, headings, rows)


@blueprint.post("/<int:contest_id>/entrants")
@submits(CONTESTS)
def enter(*, contest_id: int, session: Session) -> Any:
    """Enter caregivers, several at once."""
    _check_kept(session, contest_id)
    values, errors = submitted(PeopleForm)
    if errors:
        return _one_page(session, contest_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    return _done(
        session,
        contest_id,
        lambda: contests.enter_caregivers(session, contest_id, values["caregivers"]),
    )


@blueprint.post("/<int:contest_id>/scores")
@submits(CONTESTS)
def note_scores(*, contest_id: int, session: Session) -> Any:
    """Scores and awards of everybody on one screen."""
    _check_kept(session, contest_id)
    try:
        scores = _scores()
    except (ValueError, InvalidOperation):
        return _one_page(session, contest_id, is_wrong=True), HTTPStatus.UNPROCESSABLE_ENTITY
    return _done(session, contest_id, lambda: contests.note_scores(session, contest_id, scores))


@blueprint.post("/<int:contest_id>/publication")
@submits(CONTESTS)
def publish(*, contest_id: int, session: Session) -> Any:
    """Let the ranks stand; each reads their own on the phone."""
    _check_kept(session, contest_id)
    return _done(session, contest_id, lambda: contests.publish_ranks(session, contest_id))


def _check_kept(session: Session, contest_id: int) -> None:
    code = contests.get_contest(session, contest_id, reach(session)).division_code
    if not any(code.startswith(one) for one in reach(session, CONTESTS).prefixes):
        raise NotFound()


def _done(session: Session, contest_id: int, do: Callable[[], object]) -> Any:
    try:
        do()
    except DomainError as refusal:
        return _one_page(session, contest_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_contest", contest_id=contest_id), HTTPStatus.SEE_OTHER)


def _scores() -> dict[int, tuple[int | None, str]]:
    """Raises `ValueError` or `InvalidOperation` for what is no score of two places at most."""
    found = {}
    for name, said in request.form.items():
        if name.startswith("score_"):
            number = int(name.removeprefix("score_"))
            award = request.form.get(f"award_{number}", "")[:60]
            found[number] = (_hundredths(said.strip()), award)
    return found


def _hundredths(said: str) -> int | None:
    if not said:
        return None
    value = Decimal(said) * 100
    if value != value.to_integral_value() or not 0 <= value <= MOST_HUNDREDTHS:
        raise ValueError(said)
    return int(value)


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


def _page(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/training/contests.html",
        rows=contests.list_contests(session, reach(session)),
        keepers=[one for one in keepers(session, CONTESTS) if one[0].startswith("d")],
        levels=pairs("contest_level", ContestLevel),
        sent=request.form,
        **facts,
    )


def _one_page(session: Session, contest_id: int, **facts: Any) -> str:
    contest = contests.get_contest(session, contest_id, reach(session))
    entrants = contests.list_entrants(session, contest_id)
    there = {one.caregiver_id for one in entrants}
    code = contest.division_code
    is_kept = any(code.startswith(one) for one in reach(session, CONTESTS).prefixes)
    choices = queries.list_caregivers(session, reach(session, ENROL), on=clock.today())
    return page(
        session,
        "admin/training/contest.html",
        contest=contest,
        entrants=entrants,
        points=_points,
        is_open=is_kept and contest.published_at is None,
        choices=[one for one in choices if one.id not in there],
        **facts,
    )

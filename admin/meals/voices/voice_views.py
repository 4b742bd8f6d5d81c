"""Complaints and suggestions by their day, the answers, and satisfaction side by side."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.meals.reading import canteens_of
from admin.meals.settlement.forms import in_address
from admin.meals.settlement.list_views import last_month
from admin.meals.voices.forms import AnswerForm, HandOnForm, SatisfactionFilters, VoiceFilters
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.voices import queries, service
from server.meals.voices.models import MealVoiceKind
from server.providers.queries import within
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "meal_voices", __name__, url_prefix="/meals/voices", template_folder="templates"
)
SEE, ANSWER = "meals.see-voices", "meals.answer-voices"


@blueprint.get("")
@reads(SEE)
def list_voices(*, session: Session) -> str:
    """What waits comes first, by its day."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_voices(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Said at"), _("Kind"), _("Eater"), _("Canteen"), _("In their words"),
                _("Answered by"), _("Reply"), _("Answered at")]  # fmt: skip
    cells = (
        [one.said_at, word("meal_voice", one.kind), one.resident_name, one.site_name, one.words,
         one.due_on, one.answer, one.answered_at]
        for one in _rows(session, asked(VoiceFilters))
    )  # fmt: skip
    return export(ending, _("What eaters say"), headings, cells)


@blueprint.get("/satisfaction")
@reads(SEE)
def show_satisfaction(*, session: Session) -> str:
    """Canteens side by side over a month, with counts; nothing of nothing is a dash."""
    month = asked(SatisfactionFilters)["month"] or last_month()
    rows = queries.list_satisfaction(session, _in_reach(session, SEE), month)
    facts = {"rows": rows, "month": month, "as_of": clock.now()}
    return page(session, "admin/meals/voices/satisfaction.html", **facts)


@blueprint.get(f"/satisfaction.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_satisfaction(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    month = asked(SatisfactionFilters)["month"] or last_month()
    headings = [_("Canteen"), _("Meals"), _("Rated"), _("Good"), _("Complaints")]
    rows = queries.list_satisfaction(session, _in_reach(session, SEE), month)
    cells = ([row.site_name, row.eaten, row.rated, row.good, row.complaints] for row in rows)
    return export(ending, f"{_('Satisfaction')}-{month:%Y-%m}", headings, cells)


@blueprint.post("/<int:voice_id>/answer")
@submits(ANSWER)
def answer(*, voice_id: int, session: Session) -> Any:
    """Say what becomes of it: the canteen, or the county."""
    _check_reach(session, voice_id, ANSWER)
    values, errors = submitted(AnswerForm)
    words = values.get("answer", "")
    return _after(session, errors, lambda: service.answer(session, voice_id, words=words))


@blueprint.post("/<int:voice_id>/handing-on")
@submits(service.HEAR)
def hand_on(*, voice_id: int, session: Session) -> Any:
    """The county lets the canteen answer what was not solved."""
    _check_reach(session, voice_id, service.HEAR)
    values, errors = submitted(HandOnForm)
    words = values.get("handed_words", "")
    return _after(session, errors, lambda: service.hand_to_canteen(session, voice_id, words=words))


def _check_reach(session: Session, voice_id: int, permission: str) -> None:
    if not queries.is_in_reach(session, _in_reach(session, permission), voice_id):
        raise NotFound()


def _after(session: Session, errors: dict[str, list[str]], step: Callable[[], object]) -> Any:
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        step()
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_voices"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    filters = asked(VoiceFilters)
    canteens = [(str(row.id), row.name) for row in canteens_of(session, SEE)]
    return page(
        session,
        "admin/meals/voices/list.html",
        voices=_rows(session, filters),
        asked_for=in_address(filters),
        kinds=[(one.value, word("meal_voice", one)) for one in MealVoiceKind],
        canteens=canteens,
        is_with_county=service.is_with_county,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _rows(session: Session, filters: dict[str, Any]) -> Any:
    return queries.list_voices(session, _in_reach(session, SEE), queries.Wanted(**filters))


def _in_reach(session: Session, permission: str) -> Any:
    reach = reach_of(actor_of(session), permission)
    return within(reach.prefixes, reach.site_ids)

"""A merge of two files: proposed by one, confirmed or given back by another, and undone."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.assessment_forms import NoteForm
from admin.residents.duplicate_forms import MergeForm, ReasonForm
from admin.residents.duplicate_reading import pair_page, reasons_against
from admin.residents.duplicate_views import to_pair
from server.errors import DomainError, NotFound
from server.residents.merging import queries, service
from server.web.access import submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_merges", __name__, url_prefix="/residents/duplicates/<int:pair_id>/merges",
    template_folder="templates",
)  # fmt: skip

PROPOSE, CONFIRM = "residents.propose-merge", "residents.confirm-merge"


@blueprint.post("")
@submits(PROPOSE, with_reason=True)
def propose(*, pair_id: int, session: Session) -> Any:
    """Propose that the two are one person; another confirms it."""
    values, errors = submitted(MergeForm)
    if errors:
        return _refused(session, pair_id, errors)
    pair = queries.get_pair(session, pair_id)
    kept_id = pair.one_id if values.pop("kept") == "one" else pair.other_id
    return _done(
        session,
        pair_id,
        lambda: service.propose_merge(session, pair_id, kept_id=kept_id, **values),
    )


@blueprint.post("/<int:merge_id>/confirmation")
@submits(CONFIRM)
def confirm(*, pair_id: int, merge_id: int, session: Session) -> Any:
    """Make the two one."""
    _check_belongs(session, pair_id, merge_id)
    return _done(session, pair_id, lambda: service.confirm_merge(session, merge_id))


@blueprint.post("/<int:merge_id>/return")
@submits(PROPOSE)
def give_back(*, pair_id: int, merge_id: int, session: Session) -> Any:
    """Give the proposal back, or take one's own back, and say why."""
    _check_belongs(session, pair_id, merge_id)
    values, errors = submitted(NoteForm)
    if errors:
        return _refused(session, pair_id, errors)
    return _done(session, pair_id, lambda: service.decline_merge(session, merge_id, **values))


@blueprint.post("/<int:merge_id>/undoing")
@submits(CONFIRM, with_reason=True)
def undo(*, pair_id: int, merge_id: int, session: Session) -> Any:
    """Make two of them again."""
    _check_belongs(session, pair_id, merge_id)
    values, errors = submitted(ReasonForm)
    if errors:
        return _refused(session, pair_id, errors)
    return _done(session, pair_id, lambda: service.undo_merge(session, merge_id, **values))


def _check_belongs(session: Session, pair_id: int, merge_id: int) -> None:
    queries.get_pair(session, pair_id)
    if queries.get_merge(session, merge_id).pair_id != pair_id:
        raise NotFound()


def _refused(session: Session, pair_id: int, errors: dict[str, list[str]]) -> Any:
    return pair_page(session, pair_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY


def _done(session: Session, pair_id: int, step: Callable[[], object]) -> Any:
    try:
        with session.begin_nested():
            step()
    except NotFound:
        raise
    except DomainError as refusal:
        against = reasons_against(refusal.facts)
        return pair_page(session, pair_id, refusal=refusal, against=against), STATUS[refusal.kind]
    return to_pair(pair_id)

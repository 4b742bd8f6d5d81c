"""资料: facts of a person that rules ask for, and other documents; noted, put right, ended."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.fact_kinds import DOCUMENTS, KINDS, PAYEE, Dated, FactKind, as_typed
from admin.residents.fact_reading import facts_page, form_page
from admin.residents.file_reading import closed_page_or_none
from admin.residents.forms import EndForm, OpeningForm
from server.errors import DomainError, NotFound
from server.residents import openings, register
from server.residents.facts import service
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_facts", __name__, url_prefix="/residents/<int:resident_id>/facts",
    template_folder="templates",
)  # fmt: skip

READ, WRITE = "residents.open-file", "residents.register"


@blueprint.get("")
@reads(READ)
def show_facts(*, resident_id: int, session: Session) -> Any:
    """What holds and held of this person, kind by kind."""
    return closed_page_or_none(session, resident_id) or facts_page(session, resident_id)


@blueprint.get("/<string:code>/new")
@reads(WRITE)
def show_new(*, resident_id: int, code: str, session: Session) -> Any:
    """The empty form of a kind of fact."""
    kind = _kind(code)
    return closed_page_or_none(session, resident_id) or form_page(session, resident_id, kind)


@blueprint.get("/<string:code>/<int:fact_id>")
@reads(WRITE)
def show_fact(*, resident_id: int, code: str, fact_id: int, session: Session) -> Any:
    """The form of a fact that is to be put right."""
    kind = _kind(code)
    if closed := closed_page_or_none(session, resident_id):
        return closed
    register.get_in_reach(session, resident_id)
    fact = kind.get(session, resident_id, fact_id)
    return form_page(session, resident_id, kind, noted=fact, typed=as_typed(kind.to_correct, fact))


@blueprint.post(f"/{PAYEE.code}/<int:fact_id>/showings")
@submits(READ, with_reason=True)
def show_account(*, resident_id: int, fact_id: int, session: Session) -> Any:
    """Show the whole number of an account to somebody who says why.

    Each showing is an opening of its own, so that it stands in the trail and the person can see it.
    """
    openings.check_open(session, resident_id)
    register.get_in_reach(session, resident_id)
    account = PAYEE.get(session, resident_id, fact_id)
    values, errors = submitted(OpeningForm)
    if errors:
        page = facts_page(session, resident_id, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    openings.open_file(session, resident_id, reason=values["reason"])
    return facts_page(
        session, resident_id, shown_account=fact_id, account=service.account_number(account)
    )


@blueprint.post(f"/{DOCUMENTS.code}/<int:fact_id>/removal")
@submits(WRITE)
def remove_document(*, resident_id: int, fact_id: int, session: Session) -> Any:
    """Take out a document that is not this person's."""
    openings.check_open(session, resident_id)
    DOCUMENTS.remove(session, resident_id, fact_id)
    return _back(resident_id)


def _kind(code: str) -> FactKind:
    if code not in KINDS:
        raise NotFound()
    return KINDS[code]


def _noting(kind: FactKind) -> Callable[..., Any]:
    @submits(WRITE)
    def note(*, resident_id: int, session: Session) -> Any:
        def do(**values: Any) -> None:
            kind.note(session, resident_id, **values)

        return _done(session, resident_id, kind, kind.form, do)

    return note


def _correcting(kind: FactKind) -> Callable[..., Any]:
    @submits(WRITE)
    def correct(*, resident_id: int, fact_id: int, session: Session) -> Any:
        def do(**values: Any) -> None:
            kind.correct(session, resident_id, fact_id, **values)

        return _done(session, resident_id, kind, kind.to_correct, do, fact_id=fact_id)

    return correct


def _ending(kind: Dated) -> Callable[..., Any]:
    @submits(WRITE)
    def end(*, resident_id: int, fact_id: int, session: Session) -> Any:
        openings.check_open(session, resident_id)
        values, errors = submitted(EndForm)
        if errors:
            page = facts_page(session, resident_id, errors=errors)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            kind.end(session, resident_id, fact_id, **values)
        except DomainError as refusal:
            return facts_page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
        return _back(resident_id)

    return end


def _done(
    session: Session,
    resident_id: int,
    kind: FactKind,
    form: type[ma.Schema],
    do: Callable[..., None],
    fact_id: int | None = None,
) -> Any:
    """Do what the form says and go back to the facts, or say on the form why not."""
    openings.check_open(session, resident_id)
    register.get_in_reach(session, resident_id)
    fact = None if fact_id is None else kind.get(session, resident_id, fact_id)
    values, errors = submitted(form)
    again: dict[str, Any] = {"noted": fact, "typed": request.form}
    if errors:
        page = form_page(session, resident_id, kind, errors=errors, **again)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        page = form_page(session, resident_id, kind, refusal=refusal, **again)
        return page, STATUS[refusal.kind]
    return _back(resident_id)


def _back(resident_id: int) -> Any:
    there = url_for("residents_facts.show_facts", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


# Each kind has an address and a name of its own, so that the history says what was noted.
for _one in KINDS.values():
    blueprint.add_url_rule(
        f"/{_one.code}/new", f"note_{_one.code}", _noting(_one), methods=["POST"]
    )
    blueprint.add_url_rule(
        f"/{_one.code}/<int:fact_id>", f"correct_{_one.code}", _correcting(_one), methods=["POST"]
    )
    if isinstance(_one, Dated):
        blueprint.add_url_rule(
            f"/{_one.code}/<int:fact_id>/end", f"end_{_one.code}", _ending(_one), methods=["POST"]
        )

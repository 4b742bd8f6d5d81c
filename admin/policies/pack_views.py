"""A pack: what it says and what it would change; proposed by one person, decided by another."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.policies import reading
from admin.policies.forms import ActivateForm, NoFilters, NoForm, RefuseForm
from admin.policies.reading import ACTIVATE, PROPOSE, SEE
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.identity.roles import may
from server.policies.programmes import proposing, wording
from server.policies.programmes.comparing import ChangeKind, compare_packs
from server.policies.programmes.models import PackState, PolicyPack
from server.policies.programmes.queries import get_pack, programmes_in_force, programmes_of
from server.policies.programmes.schema import Programme
from server.policies.programmes.trying import try_examples
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "policy_packs", __name__, url_prefix="/policies/packs", template_folder="templates"
)


@blueprint.get("/<int:pack_id>")
@reads(SEE)
def show_pack(*, pack_id: int, session: Session) -> str:
    """The pack, its examples, and each figure that would be another than before its day."""
    asked(NoFilters)
    return _page(session, pack_id)


@blueprint.get("/<int:pack_id>/<programme>")
@reads(SEE)
def show_programme(*, pack_id: int, programme: str, session: Session) -> str:
    """One programme as the pack says it."""
    asked(NoFilters)
    pack = get_pack(session, pack_id)
    found = programmes_of(pack).get(programme)
    if found is None:
        raise NotFound()
    return page(
        session,
        "admin/policies/programme.html",
        shown=reading.shown(found, on=pack.starts_on),
        version=None,
        pack=pack,
        pack_title=reading.title_of(pack),
        versions=[],
        wording=wording,
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.get(f"/<int:pack_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_pack(*, pack_id: int, ending: str, session: Session) -> Response:
    """Every figure of the pack, with its clause."""
    asked(NoFilters)
    pack = get_pack(session, pack_id)
    rows = (cells for one in programmes_of(pack).values() for cells in reading.cells(one))
    return export(ending, reading.title_of(pack), reading.headings(), rows)


@blueprint.post("/<int:pack_id>/activation")
@submits(ACTIVATE)
def activate(*, pack_id: int, session: Session) -> Any:
    """Yes: in force from its day on; months that were reckoned are named, and agreed to."""
    return _done(session, pack_id, ActivateForm, proposing.activate)


@blueprint.post("/<int:pack_id>/refusal")
@submits(ACTIVATE)
def refuse(*, pack_id: int, session: Session) -> Any:
    """Not so; the words say why."""
    return _done(session, pack_id, RefuseForm, proposing.refuse)


@blueprint.post("/<int:pack_id>/withdrawal")
@submits(PROPOSE)
def withdraw(*, pack_id: int, session: Session) -> Any:
    """The proposal is taken back."""
    return _done(session, pack_id, NoForm, proposing.withdraw)


def _done(session: Session, pack_id: int, form: type[ma.Schema], do: Callable[..., object]) -> Any:
    get_pack(session, pack_id)
    values, errors = submitted(form)
    if errors:
        return _page(session, pack_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, pack_id, **values)
    except DomainError as refusal:
        return _page(session, pack_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_pack", pack_id=pack_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, pack_id: int, **facts: Any) -> str:
    pack = get_pack(session, pack_id)
    actor = actor_of(session)
    waits, is_own = pack.state is PackState.PROPOSED, pack.proposed_by == actor.staff_id
    programmes = programmes_of(pack)
    return page(
        session,
        "admin/policies/pack.html",
        pack=pack,
        title=reading.title_of(pack),
        names=reading.names_of(session, [pack]),
        compared=_compared(session, pack, programmes),
        tried=[one for programme in programmes.values() for one in try_examples(programme)],
        is_own=is_own,
        may_decide=waits and may(actor, ACTIVATE),
        reopened=proposing.list_reopened(session, pack) if waits else [],
        programmes=programmes,
        may_withdraw=waits and is_own and may(actor, PROPOSE),
        SAME=ChangeKind.SAME,
        wording=wording,
        as_of=clock.now(),
        **facts,
    )


def _compared(session: Session, pack: PolicyPack, programmes: dict[str, Programme]) -> list[Any]:
    """Against what is in force on the last day before the pack's own."""
    before: date = pack.starts_on - timedelta(days=1)
    return list(compare_packs(programmes_in_force(session, on=before), programmes, is_whole=False))

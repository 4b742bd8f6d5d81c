"""Packs that come with the product, and packs that somebody brings: read, shown, proposed."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.pages import page
from admin.policies import reading
from admin.policies.forms import NoFilters, ProposeForm
from admin.policies.list_views import facts_of_list
from admin.policies.reading import PROPOSE, SEE
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.identity.roles import may
from server.policies.programmes import proposing, wording
from server.policies.programmes.errors import PackFaulty, PackTooLarge
from server.policies.programmes.packs import (
    LARGEST_PACK,
    MOST_FILES,
    Pack,
    list_shipped,
    read_files,
    read_shipped,
)
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "policy_shipped", __name__, url_prefix="/policies", template_folder="templates"
)
BRINGS = "policy_shipped.bring"


def let_packs_in() -> None:
    """Let a pack be as large as packs are."""
    if request.endpoint == BRINGS:
        request.max_content_length = LARGEST_PACK + 64 * 1024
        request.max_form_parts = 2 * MOST_FILES


@blueprint.get("/shipped/<name>")
@reads(SEE)
def show_shipped(*, name: str, session: Session) -> str:
    """A pack that could be proposed."""
    asked(NoFilters)
    return _page(session, name)


@blueprint.get("/shipped/<name>/<programme>")
@reads(SEE)
def show_programme(*, name: str, programme: str, session: Session) -> str:
    """One programme as a shipped pack says it."""
    asked(NoFilters)
    pack = _shipped(name)
    found = pack.programmes.get(programme)
    if found is None or pack.head is None:
        raise NotFound()
    return page(
        session,
        "admin/policies/programme.html",
        shown=reading.shown(found, on=clock.today()),
        version=None,
        pack=None,
        name=name,
        pack_title=wording.said(pack.head.title),
        versions=[],
        wording=wording,
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.post("/shipped/<name>/proposals")
@submits(PROPOSE)
def propose(*, name: str, session: Session) -> Any:
    """Put a shipped pack before somebody who decides."""
    pack = _shipped(name)
    values, errors = submitted(ProposeForm)
    if errors:
        return _page(session, name, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        row = proposing.propose(session, pack, **values)
    except DomainError as refusal:
        return _page(session, name, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("policy_packs.show_pack", pack_id=row.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/uploads")
@submits(PROPOSE)
def bring(*, session: Session) -> Any:
    """Read the files that were sent: a pack without faults is proposed, else they are listed."""
    values, errors = submitted(ProposeForm)
    if errors:
        return _refused(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    pack = Pack(None)
    try:
        pack = read_files(_sent())
        row = proposing.propose(session, pack, **values)
    except PackFaulty as refusal:
        return _refused(session, refusal=refusal, faults=pack.faults), STATUS[refusal.kind]
    except DomainError as refusal:
        return _refused(session, refusal=refusal, tried=pack.tried), STATUS[refusal.kind]
    return redirect(url_for("policy_packs.show_pack", pack_id=row.id), HTTPStatus.SEE_OTHER)


def _sent() -> dict[str, bytes]:
    files = request.files.getlist("files")
    if len(files) > MOST_FILES:
        raise PackTooLarge(files=MOST_FILES, megabytes=LARGEST_PACK // 1024 // 1024)
    return {file.filename or "": file.read() for file in files}


def _refused(session: Session, **facts: Any) -> str:
    shown = facts_of_list(session, clock.today())
    return page(session, "admin/policies/list.html", **shown, **facts)


def _shipped(name: str) -> Pack:
    if name not in list_shipped():
        raise NotFound()
    return read_shipped(name)


def _page(session: Session, name: str, **facts: Any) -> str:
    pack = _shipped(name)
    return page(
        session,
        "admin/policies/shipped.html",
        name=name,
        pack=pack,
        may_propose=may(actor_of(session), PROPOSE),
        today=clock.today(),
        wording=wording,
        as_of=clock.now(),
        **facts,
    )

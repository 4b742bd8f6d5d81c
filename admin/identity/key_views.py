"""Keys of the open API: who holds one, for what, what was read with it, and its end."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.identity.forms import IssueForm, RevokeForm
from admin.pages import page
from server import clock
from server.errors import DomainError
from server.identity import queries
from server.identity.scopes import FIELDS_OF
from server.identity.service import api_keys
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("keys", __name__, url_prefix="/keys", template_folder="templates")

MANAGES_KEYS = "identity.manage-keys"
UNUSABLE = 422
LOOK_BACK = timedelta(days=30)
CALLS_SHOWN = 200
TYPED_FIRST: Mapping[str, str] = {"rate_per_minute": "60", "days": "180"}


@blueprint.get("")
@reads(MANAGES_KEYS)
def list_keys(*, session: Session) -> str:
    """All keys, the newest first."""
    now = clock.now()
    keys = queries.list_keys(session, since=now - LOOK_BACK)
    return page(session, "admin/identity/keys.html", keys=keys, now=now)


@blueprint.get("/new")
@reads(MANAGES_KEYS)
def show_issue(*, session: Session) -> str:
    """The form for a department's key."""
    return _issuing(session, typed=TYPED_FIRST, ticked=())


@blueprint.post("")
@submits(MANAGES_KEYS, with_reason=True)
def issue(*, session: Session) -> Any:
    """Issue the key and show it, once."""
    values, errors = submitted(IssueForm)
    again = {"typed": request.form, "ticked": request.form.getlist("fields_given")}
    if errors:
        return _issuing(session, errors=errors, **again), UNUSABLE
    try:
        issued = api_keys.issue_key(
            session,
            owner=values["owner"],
            purpose=values["purpose"],
            scopes=[values["scope"]],
            fields=values["fields_given"],
            rate_per_minute=values["rate_per_minute"],
            days=values["days"],
        )
    except DomainError as refusal:
        return _issuing(session, refusal=refusal, **again), STATUS[refusal.kind]
    return page(session, "admin/identity/key_shown.html", issued=issued)


@blueprint.get("/<int:key_id>")
@reads(MANAGES_KEYS)
def show_key(*, key_id: int, session: Session) -> str:
    """One key with its last calls."""
    return _key(session, key_id)


@blueprint.post("/<int:key_id>/revocation")
@submits(MANAGES_KEYS, with_reason=True)
def revoke(*, key_id: int, session: Session) -> Any:
    """End a key at its next call."""
    _, errors = submitted(RevokeForm)
    if errors:
        return _key(session, key_id, errors=errors), UNUSABLE
    api_keys.revoke_key(session, key_id)
    return redirect(url_for("keys.show_key", key_id=key_id), 303)


def _key(session: Session, key_id: int, **facts: Any) -> str:
    now = clock.now()
    return page(
        session,
        "admin/identity/key.html",
        key=queries.get_key(session, key_id, since=now - LOOK_BACK),
        calls=queries.list_calls(session, key_id, limit=CALLS_SHOWN),
        now=now,
        **facts,
    )


def _issuing(
    session: Session, *, typed: Mapping[str, str], ticked: Sequence[str], **facts: Any
) -> str:
    return page(
        session,
        "admin/identity/issue_key.html",
        scopes=FIELDS_OF,
        typed=typed,
        ticked=ticked,
        **facts,
    )

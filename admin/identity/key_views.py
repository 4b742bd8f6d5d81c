"""Keys of the open API: who holds one, for what, what was read with it, and its end."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import submitted
from admin.identity.forms import IssueForm, RevokeForm, SitesForm
from admin.pages import page
from server import clock
from server.errors import DomainError, NotFound
from server.facilities.returns.batches import find_site_ids, give_sites
from server.facilities.returns.key_sites import list_homes_to_give, list_key_sites
from server.identity import queries
from server.identity.scopes import BED_RETURNS, FIELDS_OF
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
    return _issuing(session, typed=TYPED_FIRST, ticked=(), boxed=())


@blueprint.post("")
@submits(MANAGES_KEYS, with_reason=True)
def issue(*, session: Session) -> Any:
    """Issue the key and show it, once."""
    values, errors = submitted(IssueForm)
    if errors:
        return _issuing(session, errors=errors, **_typed_again()), UNUSABLE
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
        return _issuing(session, refusal=refusal, **_typed_again()), STATUS[refusal.kind]
    give_sites(session, issued.key.id or 0, find_site_ids(session, site_ids=values["sites"]))
    return page(session, "admin/identity/key_shown.html", issued=issued)


@blueprint.get("/<int:key_id>")
@reads(MANAGES_KEYS)
def show_key(*, key_id: int, session: Session) -> str:
    """One key with its last calls."""
    return _key(session, key_id)


@blueprint.get("/<int:key_id>/sites/new")
@reads(MANAGES_KEYS)
def show_sites(*, key_id: int, session: Session) -> str:
    """The facilities that a key which files returns could be given."""
    return _giving(session, key_id)


@blueprint.post("/<int:key_id>/sites")
@submits(MANAGES_KEYS, with_reason=True)
def give(*, key_id: int, session: Session) -> Any:
    """Let a key file for more facilities; given twice they are given once."""
    values, errors = submitted(SitesForm)
    if errors:
        boxed = request.form.getlist("sites")
        return _giving(session, key_id, errors=errors, boxed=boxed), UNUSABLE
    _get_filing_key(session, key_id)
    give_sites(session, key_id, find_site_ids(session, site_ids=values["sites"]))
    return redirect(url_for("keys.show_key", key_id=key_id), 303)


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
        sites=list_key_sites(session, key_id),
        filing=BED_RETURNS,
        now=now,
        **facts,
    )


def _giving(session: Session, key_id: int, *, boxed: Sequence[str] = (), **facts: Any) -> str:
    return page(
        session,
        "admin/identity/key_sites.html",
        key=_get_filing_key(session, key_id),
        homes=list_homes_to_give(session, api_key_id=key_id),
        boxed=boxed,
        **facts,
    )


def _get_filing_key(session: Session, key_id: int) -> Row[Any]:
    """Return a key that files returns and is not revoked; raises `NotFound` for any other."""
    key = queries.get_key(session, key_id, since=clock.now() - LOOK_BACK)
    if BED_RETURNS not in key.scopes or key.revoked_at is not None:
        raise NotFound()
    return key


def _typed_again() -> dict[str, Any]:
    """What stood in the form, for it to be shown once more."""
    boxes = {"ticked": "fields_given", "boxed": "sites"}
    return {"typed": request.form} | {
        name: request.form.getlist(field) for name, field in boxes.items()
    }


def _issuing(
    session: Session,
    *,
    typed: Mapping[str, str],
    ticked: Sequence[str],
    boxed: Sequence[str],
    **facts: Any,
) -> str:
    return page(
        session,
        "admin/identity/issue_key.html",
        scopes=FIELDS_OF,
        typed=typed,
        ticked=ticked,
        filing=BED_RETURNS,
        homes=list_homes_to_give(session),
        boxed=boxed,
        **facts,
    )

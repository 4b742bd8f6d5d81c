"""Accounts and roles: who may come in, with which offices, and what is done about it, and why."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.identity.forms import (
    ActForm,
    InviteForm,
    PersonArgs,
    StaffArgs,
    an_office_or_sign_in,
)
from admin.pages import page
from admin.words import word
from server import clock
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.identity import queries
from server.identity.models import Role
from server.identity.roles import reach_of
from server.identity.service import staff
from server.identity.service.staff import MANAGES, OneTimeCode
from server.places.queries import list_counties
from server.web.access import reads, submits
from server.web.pages import page_of, read_cursor
from server.web.problems import STATUS

blueprint = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")

UNUSABLE = 422


@blueprint.get("")
@reads(MANAGES)
def list_people(*, session: Session) -> str:
    """Everybody who has an account, filtered, page by page."""
    filters = asked(StaffArgs)
    after, limit = read_cursor(filters.pop("cursor"), str, int), filters.pop("limit")
    state = filters.pop("state")
    found = page_of(
        queries.list_staff(
            session,
            today=clock.today(),
            **filters,
            is_disabled=None if state is None else state == "disabled",
            reach=reach_of(actor_of(session), MANAGES),
            after=after,
            limit=limit + 1,
        ),
        limit=limit,
        key=lambda row: (row.sign_in_name, row.id),
    )
    counties = list_counties(session, prefixes=[current_city()])
    return page(
        session,
        "admin/identity/people.html",
        found=found,
        offices=_offices_now(session, [person.id for person in found["items"]]),
        filters=filters | {"state": state},
        asked_for=_in_address(filters | {"state": state}),
        is_first=after is None,
        roles=[(role.value, word("role", role)) for role in Role],
        counties=[(county.code, county.name) for county in counties],
        as_of=clock.now(),
    )


@blueprint.get("/new")
@reads(MANAGES)
def show_invite(*, session: Session) -> str:
    """The form for a new colleague."""
    return page(session, "admin/identity/invite.html", typed={})


@blueprint.post("")
@submits(MANAGES, with_reason=True)
def invite(*, session: Session) -> Any:
    """Open an account and show its one-time code, once."""
    values, errors = submitted(InviteForm)
    if errors:
        return _inviting(session, errors=errors), UNUSABLE
    values.pop("reason")
    try:
        handed_out = staff.invite(session, **values)
    except DomainError as refusal:
        return _inviting(session, refusal=refusal), STATUS[refusal.kind]
    return _code(session, handed_out)


@blueprint.get("/<int:staff_id>")
@reads(MANAGES)
def show_person(*, staff_id: int, session: Session) -> str:
    """One colleague: offices, devices, and what can be done."""
    return _person(session, staff_id, **asked(PersonArgs))


@blueprint.post("/<int:staff_id>/acts")
@submits(MANAGES, with_reason=True)
def do(*, staff_id: int, session: Session) -> Any:
    """Do one thing with a colleague's account, for the reason that was typed."""
    values, errors = submitted(ActForm)
    if errors:
        return _person(session, staff_id, errors=errors), UNUSABLE
    deed, key = an_office_or_sign_in(values["act"])
    try:
        handed_out = DEEDS[deed](session, staff_id, key)
    except DomainError as refusal:
        if isinstance(refusal, NotFound):
            raise
        return _person(session, staff_id, refusal=refusal), STATUS[refusal.kind]
    if isinstance(handed_out, OneTimeCode):
        return _code(session, handed_out)
    return redirect(url_for("staff.show_person", staff_id=staff_id, done=deed), 303)


Deed = Callable[[Session, int, int | None], OneTimeCode | int | None]


def _end_office(session: Session, staff_id: int, office_id: int | None) -> None:
    if office_id is None:
        raise NotFound()
    staff.end_office(session, staff_id, office_id)


def _end_sign_in(session: Session, staff_id: int, sign_in_id: int | None) -> int:
    if sign_in_id is None:
        raise NotFound()
    return staff.end_sign_ins(session, staff_id, sign_in_id=sign_in_id)


def _revoke_passkey(session: Session, staff_id: int, passkey_id: int | None) -> None:
    if passkey_id is None:
        raise NotFound()
    staff.revoke_passkey(session, staff_id, passkey_id)


DEEDS: Mapping[str, Deed] = {
    "disable": lambda session, staff_id, _: staff.disable(session, staff_id),
    "enable": lambda session, staff_id, _: staff.enable(session, staff_id),
    "reset-password": lambda session, staff_id, _: staff.reset_password(session, staff_id),
    "reset-second-factor": lambda session, staff_id, _: staff.reset_second_factor(
        session, staff_id
    ),
    "end-sign-ins": lambda session, staff_id, _: staff.end_sign_ins(session, staff_id),
    "end-office": _end_office,
    "end-sign-in": _end_sign_in,
    "revoke-passkey": _revoke_passkey,
}


def _person(session: Session, staff_id: int, **facts: Any) -> str:
    now = clock.now()
    person_shown = staff.get_managed(session, staff_id)
    return page(
        session,
        "admin/identity/colleague.html",
        colleague=person_shown,
        is_oneself=actor_of(session).staff_id == staff_id,
        offices=queries.list_offices_of(session, [staff_id]),
        sign_ins=queries.list_open_sign_ins(session, now=now, staff_id=staff_id),
        passkeys=queries.list_passkeys(session, staff_id),
        second_factor_since=queries.find_second_factor_since(session, staff_id),
        code_until=queries.find_code_expiry(session, staff_id, now=now),
        today=clock.today(),
        chosen_act=request.form.get("act", ""),
        reason=request.form.get("reason", ""),
        **facts,
    )


def _code(session: Session, handed_out: OneTimeCode) -> str:
    return page(session, "admin/identity/one_time_code.html", handed_out=handed_out)


def _inviting(session: Session, **facts: Any) -> str:
    return page(session, "admin/identity/invite.html", typed=request.form, **facts)


def _offices_now(session: Session, staff_ids: list[int]) -> dict[int, list[Any]]:
    today = clock.today()
    held: dict[int, list[Any]] = {}
    for office in queries.list_offices_of(session, staff_ids):
        if office.ends_on is None or office.ends_on > today:
            held.setdefault(office.staff_id, []).append(office)
    return held


def _in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value.value if isinstance(value, Role) else value
        for name, value in filters.items()
        if value
    }

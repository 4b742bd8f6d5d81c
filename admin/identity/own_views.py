"""My account: password, second step, recovery codes, and where I am signed in."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.identity.demo import code_of_the_moment
from admin.identity.forms import ChangePasswordForm, CodeForm, PersonArgs, PresentPasswordForm
from admin.identity.house import is_in_the_house, passkey_house
from admin.identity.qr import qr_svg
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.identity import one_time, queries
from server.identity.service import passwords, second_factors, sign_ins
from server.web.access import opens_further_in, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("own_account", __name__, url_prefix="/account", template_folder="templates")

MINE = "identity.use-console"
UNUSABLE = 422


@blueprint.get("")
@reads(MINE)
def show_account(*, session: Session) -> str:
    """What opens my account, and which devices are in it."""
    return account_page(session, **asked(PersonArgs))


@blueprint.post("/password")
@opens_further_in(MINE)
def change_password() -> Any:
    """Choose another password; other devices are signed out."""
    values, errors = submitted(ChangePasswordForm)
    if errors:
        return account_page_again(errors=errors), UNUSABLE
    try:
        return _change_password(present=values["present"], wanted=values["password"])
    except DomainError as refusal:
        return account_page_again(refusal=refusal), STATUS[refusal.kind]


@blueprint.post("/second-factor")
@opens_further_in(MINE)
def begin_second_factor() -> Any:
    """Begin with another authenticator, after the password was typed once more."""
    return with_password(_begin_second_factor)


@blueprint.get("/second-factor")
@reads(MINE)
def show_second_factor(*, session: Session) -> str:
    """The QR code of the authenticator that waits to be confirmed."""
    return _setting_up(session)


@blueprint.post("/second-factor/confirmation")
@submits(MINE)
def confirm_second_factor(*, session: Session) -> Any:
    """Confirm the new authenticator; the new recovery codes are shown, once."""
    values, errors = submitted(CodeForm)
    staff_id = actor_of(session).staff_id or 0
    try:
        codes = second_factors.confirm_second_factor(
            session, staff_id, "" if errors else values["code"]
        )
    except DomainError as refusal:
        return _setting_up(session, refusal=refusal), STATUS[refusal.kind]
    return page(session, "admin/identity/own_codes.html", codes=codes)


@blueprint.post("/recovery-codes")
@opens_further_in(MINE)
def renew_recovery_codes() -> Any:
    """Ten new codes, after the password was typed once more; the old ones open nothing any more."""
    return with_password(_renew_recovery_codes)


@blueprint.post("/sign-ins/<int:sign_in_id>/end")
@submits(MINE)
def end_sign_in(*, sign_in_id: int, session: Session) -> Any:
    """Sign one of my devices out, wherever it is."""
    sign_ins.end_own_sign_in(session, sign_in_id)
    return _back("end-sign-in")


@blueprint.post("/sign-ins/end-others")
@submits(MINE)
def end_other_sign_ins(*, session: Session) -> Any:
    """Sign all my devices out but this one."""
    sign_ins.end_other_sign_ins(session)
    return _back("end-sign-ins")


@submits(MINE)
def _change_password(*, present: str, wanted: str, session: Session) -> Any:
    passwords.change_password(session, present=present, wanted=wanted)
    return _back("password")


@submits(MINE)
def _begin_second_factor(*, present: str, session: Session) -> Any:
    passwords.check_present(session, present)
    second_factors.begin_again(session)
    return redirect(url_for("own_account.show_second_factor"), 303)


@submits(MINE)
def _renew_recovery_codes(*, present: str, session: Session) -> Any:
    passwords.check_present(session, present)
    factor = second_factors.own_second_factor(session)
    if factor is None or factor.confirmed_at is None:
        raise NotFound()
    codes = second_factors.make_recovery_codes(session, factor.staff_id)
    return page(session, "admin/identity/own_codes.html", codes=codes)


def with_password(deed: Callable[..., Any]) -> Any:
    """Do it for who typed the present password; a wrong one counts as a try, and is told."""
    values, errors = submitted(PresentPasswordForm)
    try:
        return deed(present="" if errors else values["present"])
    except NotFound:
        raise
    except DomainError as refusal:
        return account_page_again(refusal=refusal), STATUS[refusal.kind]


@reads(MINE)
def account_page_again(*, session: Session, **facts: Any) -> str:
    """The same page in a transaction of its own, after one that was undone or kept a refusal."""
    return account_page(session, **facts)


def account_page(session: Session, **facts: Any) -> str:
    """The page of the signed-in person's account."""
    staff_id = actor_of(session).staff_id or 0
    factor = second_factors.own_second_factor(session)
    return page(
        session,
        "admin/identity/account.html",
        me=queries.get_staff(session, staff_id),
        factor=factor,
        codes_left=second_factors.count_recovery_codes(session, staff_id),
        sign_ins=queries.list_open_sign_ins(session, now=clock.now(), staff_id=staff_id),
        passkeys=queries.list_passkeys(session, staff_id),
        passkey_house=passkey_house(),
        is_in_the_house=is_in_the_house(),
        **facts,
    )


def _setting_up(session: Session, **facts: Any) -> str:
    factor = second_factors.own_second_factor(session)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound()
    return page(
        session,
        "admin/identity/own_set_up.html",
        qr=qr_svg(second_factors.otpauth_of(session, factor)),
        secret=one_time.grouped_secret(second_factors.secret_of(factor)),
        demo_code=code_of_the_moment(factor),
        **facts,
    )


def _back(done: str) -> Any:
    return redirect(url_for("own_account.show_account", done=done), 303)

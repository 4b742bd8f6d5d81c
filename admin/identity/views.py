"""In by name, password and a second step, or by a one-time code; out by one button."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from sqlmodel import Session

from admin import cookies
from admin.forms import local_address, submitted
from admin.identity.demo import PASSWORD, code_of_the_moment, list_demo_people
from admin.identity.forms import CodeForm, JoinForm, SignInForm
from admin.identity.house import is_in_the_house
from admin.identity.qr import qr_svg
from server.db.sessions import actor_of, reading
from server.errors import DomainError
from server.identity import one_time
from server.identity.errors import TicketExpired
from server.identity.models import SecondFactor
from server.identity.rules import device_of
from server.identity.service import staff_door
from server.identity.service.second_factors import otpauth_of, secret_of
from server.identity.service.sign_ins import SignedIn, sign_out
from server.identity.service.staff_door import Caller, NextStep
from server.web.access import at_the_door, client_address, open_to_all, shows_the_door, submits
from server.web.problems import STATUS

blueprint = Blueprint("identity", __name__, template_folder="templates")

UNUSABLE = 422


@blueprint.get("/sign-in")
@open_to_all
@reading
def show_sign_in(*, session: Session) -> Any:
    """The door; whoever is in already goes on."""
    if actor_of(session).staff_id is not None:
        return redirect(local_address(request.args.get("next")))
    return door_page()


@blueprint.post("/sign-in")
@open_to_all
def sign_in() -> Any:
    """Take the first step, or read kindly why not."""
    values, errors = submitted(SignInForm)
    if errors:
        return door_page(missing=sorted(errors, reverse=True)), UNUSABLE
    try:
        return _gone_on(_open_door(**values))
    except DomainError as refusal:
        return door_page(refusal=refusal), STATUS[refusal.kind]


@blueprint.get("/sign-in/code")
@open_to_all
@reading
def show_join(*, session: Session) -> str:
    """Where a one-time code is used: the first time, and when the password is forgotten."""
    return _joining()


@blueprint.post("/sign-in/code")
@open_to_all
def join() -> Any:
    """Choose a password of one's own, and go on."""
    values, errors = submitted(JoinForm)
    if errors:
        return _joining(errors=errors), UNUSABLE
    values.pop("again")
    try:
        return _gone_on(_join(**values))
    except DomainError as refusal:
        return _joining(refusal=refusal), STATUS[refusal.kind]


@blueprint.get("/sign-in/second-step")
@shows_the_door
def show_second_step(*, session: Session) -> Any:
    """The code of the authenticator is asked for."""
    factor = staff_door.find_second_step(session, cookies.step())
    if factor is None or factor.confirmed_at is None:
        return redirect(url_for("identity.show_sign_in"))
    return _step("second_step.html", demo_code=code_of_the_moment(factor))


@blueprint.post("/sign-in/second-step")
@open_to_all
def pass_second_step() -> Any:
    """Come in by the authenticator's code."""
    return _take_step("second_step.html", staff_door.pass_second_step)


@blueprint.get("/sign-in/recovery")
@shows_the_door
def show_recovery(*, session: Session) -> Any:
    """The phone is not at hand: a code from paper is asked for."""
    if staff_door.find_second_step(session, cookies.step()) is None:
        return redirect(url_for("identity.show_sign_in"))
    return _step("recovery.html")


@blueprint.post("/sign-in/recovery")
@open_to_all
def recover() -> Any:
    """Come in by a code from paper."""
    return _take_step("recovery.html", staff_door.pass_by_recovery_code)


@blueprint.get("/sign-in/set-up")
@shows_the_door
def show_set_up(*, session: Session) -> Any:
    """Set an authenticator up: a QR code, the key in letters, and the first code."""
    factor = staff_door.find_second_step(session, cookies.step())
    if factor is None or factor.confirmed_at is not None:
        return redirect(url_for("identity.show_sign_in"))
    return _setting_up(session, factor)


@blueprint.post("/sign-in/set-up")
@open_to_all
def finish_set_up() -> Any:
    """Confirm the authenticator; the recovery codes are shown, once."""
    try:
        signed_in, codes = _finish_set_up(typed=_typed())
    except DomainError as refusal:
        return _refused_set_up(refusal)
    there = local_address(request.form.get("next"))
    page = render_template("admin/identity/recovery_codes.html", codes=codes, there=there)
    return signed_in_here(signed_in, make_response(page))


@blueprint.post("/sign-out", endpoint="sign_out")
@submits("identity.use-console")
def leave(*, session: Session) -> Response:
    """End this sign-in, in the database and in this browser."""
    sign_out(session)
    form_session.clear()
    response = make_response(redirect(url_for("identity.show_sign_in"), 303))
    cookies.forget_token(response)
    return response


@at_the_door
def _open_door(*, session: Session, **typed: str) -> SignedIn | NextStep:
    return staff_door.sign_in_by_password(session, **typed, caller=caller())


@at_the_door
def _join(*, session: Session, **typed: str) -> SignedIn | NextStep:
    return staff_door.join(session, **typed, caller=caller())


@at_the_door
def _finish_set_up(*, typed: str, session: Session) -> tuple[SignedIn, list[str]]:
    return staff_door.finish_set_up(session, token=cookies.step(), typed=typed, caller=caller())


@at_the_door
def _pass(*, by: Callable[..., SignedIn], typed: str, session: Session) -> SignedIn:
    return by(session, token=cookies.step(), typed=typed, caller=caller())


def _take_step(template: str, by: Callable[..., SignedIn]) -> Any:
    try:
        signed_in = _pass(by=by, typed=_typed())
    except TicketExpired as refusal:
        return door_page(refusal=refusal), STATUS[refusal.kind]
    except DomainError as refusal:
        return _step(template, refusal=refusal), STATUS[refusal.kind]
    return signed_in_here(signed_in, on_to_where_one_wanted())


def _gone_on(passed: SignedIn | NextStep) -> Response:
    """Signed in, or on to the second step with its token in a cookie."""
    if isinstance(passed, SignedIn):
        return signed_in_here(passed, on_to_where_one_wanted())
    page = "identity.show_set_up" if passed.is_set_up else "identity.show_second_step"
    wanted = request.form.get("next")
    response = redirect(url_for(page, **({"next": wanted} if wanted else {})), 303)
    cookies.keep_step(response, passed.token, until=passed.expires_at)
    return response


def on_to_where_one_wanted() -> Response:
    """To the page that one came for, or home."""
    return redirect(local_address(request.form.get("next")), 303)


def signed_in_here(signed_in: SignedIn, response: Response) -> Response:
    """Keep the sign-in in this browser, and nothing of the steps before it."""
    form_session.clear()
    cookies.forget_step(response)
    cookies.keep_token(response, signed_in.token, until=signed_in.sign_in.expires_at)
    return response


def _refused_set_up(refusal: DomainError) -> Any:
    if isinstance(refusal, TicketExpired):
        return door_page(refusal=refusal), STATUS[refusal.kind]
    return _set_up_again(refusal=refusal), STATUS[refusal.kind]


@shows_the_door
def _set_up_again(*, refusal: DomainError, session: Session) -> str:
    factor = staff_door.find_second_step(session, cookies.step())
    return _setting_up(session, factor, refusal=refusal) if factor else door_page(refusal=refusal)


def _setting_up(session: Session, factor: SecondFactor, **facts: Any) -> str:
    return _step(
        "set_up.html",
        qr=qr_svg(otpauth_of(session, factor)),
        secret=one_time.grouped_secret(secret_of(factor)),
        demo_code=code_of_the_moment(factor),
        **facts,
    )


def door_page(**facts: Any) -> str:
    """The door, with what was refused at it."""
    return _step(
        "sign_in.html",
        demo_people=list_demo_people(),
        demo_password=PASSWORD,
        sign_in_name=request.form.get("sign_in_name", ""),
        is_in_the_house=is_in_the_house(),
        **facts,
    )


def _joining(**facts: Any) -> str:
    typed = {name: request.form.get(name, "") for name in ("sign_in_name", "code")}
    return _step("join.html", **typed, **facts)


def _step(template: str, **facts: Any) -> str:
    wanted = request.values.get("next", "")
    return render_template(f"admin/identity/{template}", wanted=wanted, **facts)


def _typed() -> str:
    """An empty or endless code is a wrong one."""
    values, errors = submitted(CodeForm)
    return "" if errors else values["code"]


def caller() -> Caller:
    """Who stands at the door, as far as can be seen."""
    return Caller(client_address(), device_of(request.user_agent.string))

"""In by name and password, out by one button."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from sqlmodel import Session

from admin import cookies
from admin.forms import local_address, submitted
from admin.identity.demo import PASSWORD, list_demo_people
from admin.identity.forms import SignInForm
from server.db.sessions import actor_of, reading
from server.errors import DomainError
from server.identity import service
from server.identity.service import SignedIn
from server.web.access import at_the_door, client_address, open_to_all, submits
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
    return _door(session)


@blueprint.post("/sign-in")
@open_to_all
def sign_in() -> Any:
    """Come in, or read kindly why not."""
    values, errors = submitted(SignInForm)
    if errors:
        return _door_again(missing=sorted(errors, reverse=True)), UNUSABLE
    try:
        signed_in = _open_door(**values)
    except DomainError as refusal:
        return _door_again(refusal=refusal), STATUS[refusal.kind]

    form_session.clear()
    response = make_response(redirect(local_address(request.form.get("next")), 303))
    cookies.keep_token(response, signed_in.token, until=signed_in.sign_in.expires_at)
    return response


@blueprint.post("/sign-out")
@submits("identity.use-console")
def sign_out(*, session: Session) -> Response:
    """End this sign-in, in the database and in this browser."""
    service.sign_out(session)
    form_session.clear()
    response = make_response(redirect(url_for("identity.show_sign_in"), 303))
    cookies.forget_token(response)
    return response


@at_the_door
def _open_door(*, sign_in_name: str, password: str, session: Session) -> SignedIn:
    return service.sign_in_by_password(
        session, sign_in_name=sign_in_name, password=password, address=client_address()
    )


@reading
def _door_again(*, session: Session, **facts: Any) -> str:
    return _door(session, **facts)


def _door(session: Session, **facts: Any) -> str:
    return render_template(
        "admin/identity/sign_in.html",
        demo_people=list_demo_people(session),
        demo_password=PASSWORD,
        wanted=request.values.get("next", ""),
        sign_in_name=request.form.get("sign_in_name", ""),
        **facts,
    )

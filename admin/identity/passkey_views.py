"""Passkeys: in by one, and which of them are mine."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.identity.forms import AnswerForm, LabelForm, NewPasskeyForm
from admin.identity.house import passkey_house
from admin.identity.own_views import MINE, UNUSABLE, account_page, account_page_again, with_password
from admin.identity.views import caller, door_page, on_to_where_one_wanted, signed_in_here
from admin.pages import page
from server.errors import DomainError
from server.identity.rules import device_of
from server.identity.service import passkeys
from server.identity.service.sign_ins import SignedIn
from server.web.access import at_the_door, open_to_all, opens_further_in, submits
from server.web.problems import STATUS

blueprint = Blueprint("passkeys", __name__, template_folder="templates")


@blueprint.post("/sign-in/passkey")
@open_to_all
def ask_to_come_in() -> Any:
    """The browser is asked for a passkey of this house."""
    try:
        options = _ask_to_come_in()
    except DomainError as refusal:
        return door_page(refusal=refusal), STATUS[refusal.kind]
    wanted = request.form.get("next", "")
    return render_template("admin/identity/passkey.html", options=options, wanted=wanted)


@blueprint.post("/sign-in/passkey/answer")
@open_to_all
def come_in() -> Any:
    """Come in by what the passkey has signed."""
    values, errors = submitted(AnswerForm)
    try:
        signed_in = _come_in(answer="" if errors else values["answer"])
    except DomainError as refusal:
        return door_page(refusal=refusal), STATUS[refusal.kind]
    return signed_in_here(signed_in, on_to_where_one_wanted())


@blueprint.post("/account/passkeys")
@opens_further_in(MINE)
def begin() -> Any:
    """Begin with a passkey, after the password was typed once more."""
    return with_password(_begin)


@blueprint.post("/account/passkeys/confirmation")
@opens_further_in(MINE)
def add() -> Any:
    """Keep the passkey that the browser has made."""
    values, errors = submitted(NewPasskeyForm)
    if errors:
        return account_page_again(errors=errors), UNUSABLE
    try:
        return _add(**values)
    except DomainError as refusal:
        return account_page_again(refusal=refusal), STATUS[refusal.kind]


@blueprint.post("/account/passkeys/<int:passkey_id>/name")
@submits(MINE)
def rename(*, passkey_id: int, session: Session) -> Any:
    """Call a passkey otherwise."""
    values, errors = submitted(LabelForm)
    if errors:
        return account_page(session, errors=errors), UNUSABLE
    passkeys.rename(session, passkey_id, values["label"])
    return _back("passkey-renamed")


@blueprint.post("/account/passkeys/<int:passkey_id>/removal")
@submits(MINE)
def remove(*, passkey_id: int, session: Session) -> Any:
    """Take a passkey away; it opens nothing any more."""
    passkeys.remove(session, passkey_id)
    return _back("passkey-removed")


@at_the_door
def _ask_to_come_in(*, session: Session) -> str:
    return passkeys.ask_to_come_in(session, house=passkey_house(), caller=caller())


@at_the_door
def _come_in(*, answer: str, session: Session) -> SignedIn:
    return passkeys.come_in(session, answer=answer, house=passkey_house(), caller=caller())


@submits(MINE)
def _begin(*, present: str, session: Session) -> str:
    options = passkeys.ask_to_add(session, present=present, house=passkey_house())
    label = device_of(request.user_agent.string)
    return page(session, "admin/identity/own_passkey.html", options=options, label=label)


@submits(MINE)
def _add(*, label: str, answer: str, session: Session) -> Response:
    passkeys.add(session, label=label, answer=answer, house=passkey_house())
    return _back("passkey-added")


def _back(done: str) -> Any:
    return redirect(url_for("own_account.show_account", done=done), 303)

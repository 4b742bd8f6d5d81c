"""Sign in by phone and code, sign out, and see whom one acts for."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.identity.schemas import (
    AskForCodeSchema,
    ChooseLanguageSchema,
    CodeAskedSchema,
    DevicesSchema,
    MeSchema,
    SignedInSchema,
    SignInSchema,
)
from server import clock, masking
from server.db.acts import Act, acting, current_act
from server.db.cities import current_city
from server.db.sessions import actor_of, transaction
from server.identity import queries
from server.identity.rules import device_of
from server.identity.service import accounts, sign_ins
from server.identity.service.sign_ins import SignedIn
from server.meals import rules
from server.notifications.inbox import count_unread
from server.places.queries import get_division
from server.residents.consents.service import is_notice_due
from server.residents.queries import list_acted_for
from server.residents.service import sign_in_by_code
from server.settings import settings
from server.web.access import at_the_door, client_address, open_to_all, reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint("identity", __name__, url_prefix="/v1", description="Coming in.")


@blueprint.post("/sign-in-codes")
@at_the_door
@blueprint.arguments(AskForCodeSchema)
@blueprint.response(202, CodeAskedSchema)
@blueprint.doc(operationId="askForSignInCode", security=[])
def ask_for_code(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Have a six-digit code sent to a phone"""
    asked = accounts.ask_for_code(session, phone=command["phone"], address=client_address())
    shown = {"demo_code": asked.code} if settings().demo and asked.code else {}
    return {
        "sent_to": asked.sent_to,
        "expires_at": asked.expires_at,
        "resend_at": asked.resend_at,
        **shown,
    }


@blueprint.post("/sign-ins")
@open_to_all
@blueprint.arguments(SignInSchema)
@blueprint.response(201, SignedInSchema)
@blueprint.doc(operationId="signIn", security=[])
def sign_in(command: dict[str, Any]) -> dict[str, Any]:
    """Sign in with the phone and the code"""
    signed_in = _open_the_door(command)
    act = current_act()
    with (
        acting(Act(act.face, act.action, act.request_id, token=signed_in.token)),
        transaction(writes=False) as session,
    ):
        account = _me(session)
    return {
        "token": signed_in.token,
        "expires_at": signed_in.sign_in.expires_at,
        "account": account,
    }


@blueprint.delete("/sign-ins/current")
@writes("identity.see-self")
@blueprint.response(204)
@blueprint.doc(operationId="signOut")
def sign_out(*, session: Session) -> None:
    """Sign this device out"""
    sign_ins.sign_out(session)


@blueprint.get("/sign-ins")
@reads("identity.see-self")
@blueprint.response(200, DevicesSchema)
@blueprint.doc(operationId="listSignIns")
def list_sign_ins(*, session: Session) -> dict[str, Any]:
    """List the devices on which the account is signed in"""
    found = queries.list_open_sign_ins(session, now=clock.now(), account_id=_account_id(session))
    present = actor_of(session).sign_in_id
    return {
        "items": [
            {
                "id": one.id,
                "device_label": one.device_label,
                "created_at": one.created_at,
                "last_used_at": one.last_used_at or one.created_at,
                "is_current": one.id == present,
            }
            for one in found
        ]
    }


@blueprint.delete("/sign-ins/<int:sign_in_id>")
@writes("identity.see-self")
@blueprint.response(204)
@blueprint.doc(operationId="endSignIn")
def end_sign_in(*, sign_in_id: int, session: Session) -> None:
    """Sign one of the account's devices out"""
    sign_ins.end_own_sign_in(session, sign_in_id)


@blueprint.get("/me")
@reads("identity.see-self")
@blueprint.response(200, MeSchema)
@blueprint.doc(operationId="getMe")
def get_me(*, session: Session) -> dict[str, Any]:
    """Show the account and whom it acts for"""
    return _me(session)


@blueprint.patch("/me")
@writes("identity.see-self")
@blueprint.arguments(ChooseLanguageSchema)
@blueprint.response(200, MeSchema)
@blueprint.doc(operationId="chooseLanguage")
def choose_language(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Choose the language of messages and answers"""
    accounts.choose_language(session, _account_id(session), command["language"])
    return _me(session)


@at_the_door
def _open_the_door(command: dict[str, Any], *, session: Session) -> SignedIn:
    label = command.pop("device_label") or device_of(request.user_agent.string)
    return sign_in_by_code(session, **command, device_label=label)


def _account_id(session: Session) -> int:
    account_id = actor_of(session).account_id
    assert account_id is not None, "only accounts hold identity.see-self"
    return account_id


def _me(session: Session) -> dict[str, Any]:
    account = queries.get_account(session, _account_id(session))
    today = clock.today()
    city = get_division(session, current_city())
    return {
        "id": account.id,
        "phone_masked": masking.phone(account.phone),
        "language": account.language,
        "residents": [
            {
                **row._mapping,
                "relation": "self" if row.is_self else "helper",
                "age": rules.full_years(row.born_on, on=today),
            }
            for row in list_acted_for(session, today=today)
        ],
        "hotline": settings().hotline,
        "city": {"code": city.code, "name": city.name},
        "is_demo": settings().demo,
        "is_notice_due": is_notice_due(session, account.id or 0),
        "unread_messages": count_unread(session),
    }

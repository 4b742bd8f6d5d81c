"""Who is asking, and whether they may. Every view carries its answer in `view.access`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, request
from sqlmodel import Session

from server.db.acts import Act, Face, acting, current_act
from server.db.sessions import actor_of, in_transaction, reading, transaction
from server.errors import NotAllowed, SignInNeeded
from server.identity import roles
from server.web.idempotency import recorded, replaying
from server.web.keys import LARGEST_KEY

View = Callable[..., Any]

EVERYONE = "everyone"
LONGEST_REASON = 400


def act_of_request(face: Face, request_id: str, token: str | None) -> Act:
    """Return the act that a request is: its token is resolved by the database, not here."""
    return Act(
        face,
        action=request.endpoint or "unknown",
        request_id=request_id,
        token=token,
        is_refresh=request.method == "GET" and "HX-Request" in request.headers,
    )


def bearer_token() -> str | None:
    """Return the token of the `Authorization` header, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def client_address() -> str:
    """Return the address the request came from, for throttles; never logged."""
    return request.remote_addr or "unknown"


def open_to_all(view: View) -> View:
    """Say on the view itself that anybody may call it, signed in or not."""
    view.access = EVERYONE  # type: ignore[attr-defined]
    return view


def allows(permission: str) -> Callable[[View], View]:
    """Let only holders of the permission in; stands inside the transaction, which knows the actor.

    Raises `SignInNeeded` and `NotAllowed`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, session: Session, **kwargs: Any) -> Any:
            actor = actor_of(session)
            if not actor.is_known:
                raise SignInNeeded()
            if not roles.may(actor, permission):
                raise NotAllowed()
            return view(*args, session=session, **kwargs)

        wrapper.access = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate


def reads(permission: str) -> Callable[[View], View]:
    """A view that only reads, in a transaction in which the database refuses to write."""
    return lambda view: _marked(reading(allows(permission)(view)), permission)


def noted(view: View) -> View:
    """A view that reads, and whose answer is in the trail: a search, or a list that is taken out.

    Stands outside `reads`. The act is kept before the answer leaves; what was looked for is not.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        if response.status_code < HTTPStatus.BAD_REQUEST:
            with transaction():
                pass
        return response

    return wrapper


def resident_named() -> int | None:
    """Return the resident whom the path or the body names.

    Whether the actor may act for that resident is the view's to check: an act is only kept where
    the view has let it through.
    """
    body = request.get_json(silent=True)
    in_body = body.get("resident_id") if isinstance(body, Mapping) else None
    named = (request.view_args or {}).get("resident_id", in_body)
    return named if type(named) is int and 0 < named <= LARGEST_KEY else None


def writes(
    permission: str, *, for_resident: Callable[[], int | None] = resident_named
) -> Callable[[View], View]:
    """A view of the API that changes something, once for each `Idempotency-Key`.

    `for_resident` finds whom the act is for, before the transaction that writes the act begins.
    """

    def decorate(view: View) -> View:
        once = in_transaction(allows(permission)(recorded(view)))
        return _marked(replaying(_on_behalf(for_resident, once)), permission)

    return decorate


def submits(
    permission: str,
    *,
    with_reason: bool = False,
    for_resident: Callable[[], int | None] = resident_named,
) -> Callable[[View], View]:
    """A view of the console that changes something; its form token stands for the key.

    A resident in the address is the one whom the act is for, where `for_resident` finds no other,
    as in `writes`. `with_reason` writes the form's
    `reason` into the act, from where every trail line has it; that one was given is for the view's
    schema to ask. A form that is answered by a refusal (a status from 400 on) leaves nothing
    behind, not even its act.
    """

    def decorate(view: View) -> View:
        once = in_transaction(allows(permission)(_undone_if_refused(view)))
        submitted = _on_behalf(for_resident, _answered(once))
        return _marked(_for_a_reason(submitted) if with_reason else submitted, permission)

    return decorate


def at_the_door(view: View) -> View:
    """A view that nobody is signed in for yet: the platform itself acts, and writes."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        present = current_act()
        with acting(Act(present.face, present.action, present.request_id, service=True)):
            return in_transaction(view)(*args, **kwargs)

    return _marked(wrapper, EVERYONE)


def opens_further_in(permission: str) -> Callable[[View], View]:
    """A view of the console whose transaction is that of a `submits` or `reads` function it calls.

    So a refusal that is kept, such as a wrong password that counts, can still show its page.
    """
    return lambda view: _marked(view, permission)


def shows_the_door(view: View) -> View:
    """A page that nobody is signed in for yet: the platform itself looks, and cannot write."""
    shown = reading(view)

    @wraps(shown)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        present = current_act()
        with acting(Act(present.face, present.action, present.request_id, service=True)):
            return shown(*args, **kwargs)

    return _marked(wrapper, EVERYONE)


class _Refused(Exception):
    """Carries the page of a refusal out of the transaction that it undoes."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def _undone_if_refused(view: View) -> View:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise _Refused(response)
        return response

    return wrapper


def _answered(view: View) -> View:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except _Refused as refused:
            return refused.response

    return wrapper


def _for_a_reason(view: View) -> View:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        with acting(replace(current_act(), reason=reason or None)):
            return view(*args, **kwargs)

    return wrapper


def _on_behalf(for_resident: Callable[[], int | None], view: View) -> View:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with acting(replace(current_act(), for_resident_id=for_resident())):
            return view(*args, **kwargs)

    return wrapper


def _marked(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view

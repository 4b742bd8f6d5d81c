"""The matrix of access: role × permission × route, out of the code that decides it."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from pydantic import SecretStr

from admin.app import create_app as create_console
from infra.root import create_app as create_root
from mobile_api.app import create_app as create_phone_api
from mobile_api.counter_app import create_app as create_counter_app
from mobile_api.phone_app import create_app as create_phone_app
from server.identity import roles
from server.identity.models import Role
from server.open_api.app import create_app as create_open_api
from server.settings import Settings, settings
from server.web.access import EVERYONE

NOT_ASKED = {"HEAD", "OPTIONS"}
OF_THE_LIBRARY = "unguarded: the description of the API itself"
ACCOUNT = "account"
NO_ROUTE = "(asked within other routes)"


def matrix() -> str:
    """Return the matrix as text: by permission, then by role; the same for the same code."""
    routes: dict[str, list[str]] = {}
    for access, route in _routes():
        routes.setdefault(access, []).append(route)
    parts = [*_by_permission(routes), *_by_role()]
    return "\n".join(parts) + "\n"


def _by_permission(routes: Mapping[str, list[str]]) -> Iterator[str]:
    for permission in sorted(
        {*routes, *_all_permissions()}, key=lambda one: (one == EVERYONE, one)
    ):
        holders = ", ".join(_holders(permission)) or "–"
        yield permission if permission in {EVERYONE, OF_THE_LIBRARY} else f"{permission}: {holders}"
        yield from (f"  {route}" for route in sorted(routes.get(permission, [NO_ROUTE])))
        yield ""


def _by_role() -> Iterator[str]:
    for role in Role:
        held = sorted(roles.OF_EVERY_OFFICE | roles.OF_AN_OFFICE[role])
        yield f"{role.value}: {', '.join(held)}"
    yield f"{ACCOUNT}: {', '.join(sorted(roles.OF_AN_ACCOUNT))}"


def _all_permissions() -> set[str]:
    of_offices = set().union(*roles.OF_AN_OFFICE.values())
    return of_offices | set(roles.OF_EVERY_OFFICE) | set(roles.OF_AN_ACCOUNT)


def _holders(permission: str) -> Iterator[str]:
    if permission in roles.OF_EVERY_OFFICE:
        yield "every office"
    yield from (role.value for role in Role if permission in roles.OF_AN_OFFICE[role])
    if permission in roles.OF_AN_ACCOUNT:
        yield ACCOUNT


def _routes() -> Iterator[tuple[str, str]]:
    for mount, app in _faces().items():
        for rule in app.url_map.iter_rules():
            view: Any = app.view_functions[rule.endpoint]
            methods = " ".join(sorted((rule.methods or set()) - NOT_ASKED))
            access = getattr(view, "access", None) or OF_THE_LIBRARY
            yield access, f"{methods:6} {mount}{rule.rule}"


def _faces() -> Mapping[str, Flask]:
    return {
        "": create_root(_without_a_database(settings())),
        "/api": create_phone_api(),
        "/app": create_phone_app(),
        "/app/counter": create_counter_app(),
        "/admin": create_console(),
        "/open": create_open_api(),
    }


def _without_a_database(present: Settings) -> Settings:
    """The routes are the same wherever the data lie, and nobody connects for reading them."""
    nowhere = SecretStr("postgresql+psycopg:///nowhere")
    return present.model_copy(update={"database_url": nowhere})

"""Every address of every face says who may use it, and asking for one changes nothing."""

import pytest
from sqlalchemy import text

from admin.app import create_app as create_console
from infra.root import create_app as create_root
from mobile_api.app import create_app as create_phone_api
from mobile_api.counter_app import create_app as create_counter_app
from mobile_api.phone_app import create_app as create_phone_app
from server.identity import roles, scopes
from server.open_api.app import create_app as create_open_api
from server.settings import Settings
from server.web.access import EVERYONE
from tests.factories.people import make_account, make_resident, make_sign_in

READS = "reading.<locals>.wrapper"
WRITES = "in_transaction.<locals>.wrapper"
OF_THE_LIBRARY = {"phone-api api-docs.openapi_json", "open-api api-docs.openapi_json"}

# What is asked for without a transaction around it: files and pages that hold nobody's data.
WITHOUT_A_TRANSACTION = {
    "phone-api canteens.get_menu": "reads in a transaction of its own, once for many readers",
    "phone-api docs.show_docs": "a file",
    "phone-api docs.show_file": "a file",
    "phone-api docs.start": "a file",
    "phone-api ping.ping": "a constant",
    "phone-app show_catalogue": "a file",
    "phone-app show_file_or_shell": "a file",
    "phone-app show_firebase": "a file",
    "phone-app show_later_catalogue": "a file",
    "phone-app show_leaflet": "a file",
    "phone-app show_precache": "a file",
    "phone-app show_service_worker": "a file",
    "phone-app show_shell": "a file",
    "phone-app show_stylesheet": "a file",
    **{
        f"counter-app show_{name}": "a file"
        for name in (
            "shell",
            "file",
            "stylesheet",
            "service_worker",
            "vendored",
            "catalogue",
        )
    },
    "open-api docs.show_docs": "a file",
    "open-api docs.show_file": "a file",
    "open-api docs.start": "a file",
    "console vendored": "a file",
    "console static": "a file",
    "root send_design": "a file",
    "root send_favicon": "a file",
    "root show_certificate": "reads in a transaction of its own, by whoever scans a code",
    "root show_code": "a sentence from the catalogues",
    "root show_health": "a constant",
    "root show_landing_page": "a page without data",
    "root show_metrics": "figures of the process",
    "root show_readiness": "one look at the schema's step, by a connection of its own",
}


@pytest.fixture(scope="module")
def faces(city_database):
    settings = Settings(database_url=city_database.app_url, secret_key="k" * 40)
    return {
        "root": create_root(settings),
        "phone-api": create_phone_api(),
        "phone-app": create_phone_app(),
        "counter-app": create_counter_app(),
        "console": create_console(),
        "open-api": create_open_api(),
    }


def views(faces, method=None):
    """Return "face endpoint" → view of every route, or of those that answer the method."""
    return {
        f"{face} {rule.endpoint}": app.view_functions[rule.endpoint]
        for face, app in faces.items()
        for rule in app.url_map.iter_rules()
        if method is None or method in rule.methods
    }


def layers(view):
    """Return what a view is wrapped in, outermost first."""
    found = []
    while view is not None:
        code = getattr(view, "__code__", None)
        found.append(code.co_qualname if code else "")
        view = getattr(view, "__wrapped__", None)
    return found


def test_every_route_says_who_may_use_it(faces):
    silent = {name for name, view in views(faces).items() if not getattr(view, "access", None)}

    assert silent == OF_THE_LIBRARY


def test_every_permission_is_held_by_somebody(faces):
    asked = {view.access for view in views(faces).values() if getattr(view, "access", None)}
    held = roles.OF_AN_ACCOUNT | roles.OF_EVERY_OFFICE | set().union(*roles.OF_AN_OFFICE.values())
    held |= scopes.FIELDS_OF.keys()

    assert asked - {EVERYONE} <= held


def test_whatever_is_asked_for_is_only_read(faces):
    asked_for = views(faces, "GET")

    assert {name for name, view in asked_for.items() if WRITES in layers(view)} == set()
    unguarded = {name for name, view in asked_for.items() if READS not in layers(view)}
    assert unguarded - OF_THE_LIBRARY == set(WITHOUT_A_TRANSACTION)


def test_every_change_is_made_in_a_transaction(faces):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for name, view in views(faces, method).items():
            if name in OPENED_FURTHER_IN:
                continue
            if name in SEARCHES:
                assert READS in layers(view), name
                continue
            assert WRITES in layers(view), name


# These open their transaction one step further in, so that a refusal can still show the form, or
# touch no data of the city at all.
OPENED_FURTHER_IN = {
    "console identity.sign_in",
    "console identity.join",
    "console identity.pass_second_step",
    "console identity.recover",
    "console identity.finish_set_up",
    "console passkeys.ask_to_come_in",
    "console passkeys.come_in",
    "console passkeys.begin",
    "console passkeys.add",
    "console own_account.change_password",
    "console own_account.begin_second_factor",
    "console own_account.renew_recovery_codes",
    "console preferences.choose",
    "phone-api identity.sign_in",
    "phone-api identity.ask_for_code",
    "phone-api care_work.sign_in",
    "phone-api counter.sign_in",
    "open-api payment_notices.take",
}


# These send a form so that no name or number stands in an address; they only read.
SEARCHES = {
    "console residents.search",
    "console meals_for.search",
    "console wallets.search",
    "console caregivers.search",
}


def test_a_reading_that_tries_to_write_is_stopped_by_the_database(faces, session, monkeypatch):
    account = make_account(session, make_resident(session))
    token = make_sign_in(session, account=account)
    session.commit()

    def write(session):
        session.execute(text("UPDATE account SET language = 'en'"))

    monkeypatch.setattr("mobile_api.identity.views._me", write)
    response = (
        faces["phone-api"].test_client().get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    )

    assert response.status_code == 500
    assert response.json["type"] == "/problems/server-fault"
    session.refresh(account)
    assert account.language == "zh-CN"

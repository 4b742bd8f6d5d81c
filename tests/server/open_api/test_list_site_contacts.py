"""listSiteContacts: what is not public, by key, for a purpose, field by field."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import select

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import actor_of, transaction
from server.identity.models import ApiCall, ApiKey
from server.identity.scopes import SITE_CONTACTS
from server.identity.service import api_keys
from server.open_api.app import create_app
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

ADDRESS = "/v1/site-contacts"


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def issue(session):
    def give(*, fields=("name", "phone"), rate=60, days=30):
        session.connection()
        return api_keys.issue_key(
            session, owner="卫生健康委", purpose="医养结合", scopes=[SITE_CONTACTS],
            fields=list(fields), rate_per_minute=rate, days=days,
        )  # fmt: skip

    return give


@pytest.fixture
def call(app, session):
    def get(token, path=ADDRESS, purpose="核对名单"):
        session.commit()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if purpose is not None:
            headers["Purpose"] = purpose.encode().decode("latin-1")
        return app.test_client().get(path, headers=headers)

    return get


@pytest.fixture
def calls(session):
    def read():
        session.expire_all()
        found = session.exec(select(ApiCall).order_by(ApiCall.id)).all()
        return [(one.status, one.rows_returned, one.purpose, one.scope) for one in found]

    return read


def test_a_key_reads_its_fields_and_nothing_else(call, issue, session):
    make_site(session, name="德善养老院", phone="+863562111111", source_name="内部台账")

    answer = call(issue().token)

    (site,) = answer.json["items"]
    assert site == {"id": site["id"], "name": "德善养老院", "phone": "+863562111111"}
    assert answer.headers["X-Rows"] == "1"


def test_every_call_leaves_a_line_with_its_purpose_and_rows(call, calls, issue, session):
    for name in ("甲", "乙"):
        make_site(session, name=name)

    call(issue().token)

    assert calls() == [(200, 2, "核对名单", SITE_CONTACTS)]


@pytest.mark.parametrize("purpose", [None, "", "x", "x" * 201, "two\tlines"])
def test_without_a_purpose_nothing_is_read(call, calls, issue, purpose):
    answer = call(issue().token, purpose=purpose)

    assert (answer.status_code, answer.json["type"]) == (400, "/problems/purpose-missing")
    assert calls() == []


@pytest.mark.parametrize("token", [None, "yl_made-up", "x" * 500])
def test_without_a_key_nothing_is_read(call, token):
    answer = call(token)

    assert (answer.status_code, answer.json["type"]) == (401, "/problems/key-unusable")


def test_nobodys_sign_in_is_a_key(call, session):
    account = make_account(session, make_resident(session))
    officer = make_staff(session, "city_officer", division_code="1405")
    for token in (make_sign_in(session, account=account), make_sign_in(session, staff=officer)):
        assert call(token).status_code == 401


def test_a_key_is_nobodys_sign_in(app, call, issue, session):
    key = issue()
    session.commit()

    assert call(key.token, path="/v1/sites").status_code == 200
    assert key.token.startswith("yl_")


def test_a_key_of_another_scope_is_refused_and_the_refusal_is_logged(call, calls, issue, session):
    issued = issue()
    session.add(
        ApiKey(
            token_digest=api_keys.token_digest("yl_other"), owner="x" * 2, purpose="xx",
            scopes=["residents.count"], fields=["n"], rate_per_minute=9,
            created_at=clock.now(), expires_at=clock.now() + timedelta(days=1),
        )
    )  # fmt: skip
    answer = call("yl_other")

    assert (answer.status_code, answer.json["type"]) == (403, "/problems/scope-missing")
    assert [status for status, *_ in calls()] == [403]
    assert issued.key.scopes == [SITE_CONTACTS]


def test_beyond_its_rate_a_key_waits(call, calls, issue):
    token = issue(rate=2).token
    with time_machine.travel(clock.now().replace(second=10), tick=False):
        statuses = [call(token).status_code for _ in range(3)]
        last = call(token)

    assert statuses == [200, 200, 429]
    assert last.headers["Retry-After"] == "50"
    assert [status for status, *_ in calls()] == [200, 200, 429, 429]


def test_one_key_does_not_wait_for_another(call, issue):
    one, other = issue(rate=1).token, issue(rate=1).token

    assert [call(token).status_code for token in (one, other)] == [200, 200]


def test_a_key_ends_on_its_day(call, issue):
    token = issue(days=1).token
    assert call(token).status_code == 200

    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert call(token).status_code == 401


def test_a_revoked_key_is_refused_at_its_next_call(call, issue, session):
    issued = issue()
    assert call(issued.token).status_code == 200

    api_keys.revoke_key(session, issued.key.id)

    assert call(issued.token).status_code == 401


def test_pages_follow_each_other(call, issue, session):
    for name in ("甲", "乙", "丙"):
        make_site(session, name=name)
    token = issue().token

    first = call(token, f"{ADDRESS}?limit=2").json
    second = call(token, f"{ADDRESS}?limit=2&cursor={first['next_cursor']}").json

    assert len(first["items"] + second["items"]) == 3
    assert second["next_cursor"] is None


def test_an_unknown_filter_is_refused(call, issue):
    assert call(issue().token, f"{ADDRESS}?bed=1").status_code == 422


def test_a_key_sees_no_person_whatever_is_asked(issue, session):
    """Row security: the context that a key opens holds nobody."""
    make_account(session, make_resident(session))
    token = issue().token
    session.commit()

    with acting(Act(Face.OPEN_API, "t", "t", token=token)), transaction(writes=False) as own:
        assert actor_of(own).api_key["scopes"] == [SITE_CONTACTS]
        for table in ("resident", "account", "staff", "api_key", "api_call"):
            assert own.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_a_key_may_call_more_often_than_the_public(app, call, issue):
    token = issue(rate=6000).token

    with time_machine.travel(clock.now().replace(second=10), tick=False):
        statuses = {call(token).status_code for _ in range(125)}

    assert statuses == {200}

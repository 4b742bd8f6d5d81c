"""What was kept long enough goes, what was not stays, and only the platform may let it go."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.closing import close_accounts
from server.identity.models import ApiCall, ApiKey
from server.residents.models import Opening
from server.residents.retention import Retired, retire
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

A_YEAR_AGO = timedelta(days=365)


def before(days=300):
    return clock.now() - timedelta(days=days)


def put_sign_in(session, ended):
    account = make_account(session, make_resident(session))
    with time_machine.travel(clock.now() - ended, tick=False):
        make_sign_in(session, account=account)


def put_opening(session, ended):
    at = clock.now() - ended
    session.add(
        Opening(
            resident_id=make_resident(session).id,
            staff_id=make_staff(session, "city_officer", division_code="1405").id,
            reason="tests",
            opened_at=at - timedelta(minutes=30),
            expires_at=at,
        )
    )
    session.flush()


def put_api_call(session, ended):
    now = clock.now()
    key = ApiKey(
        token_digest=str(ended).encode(), owner="公安局", purpose="核验", scopes=["sites"],
        fields=["name"], rate_per_minute=1, created_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    session.add(key)
    session.flush()
    session.add(
        ApiCall(
            api_key_id=key.id,
            at=now - ended,
            scope="sites",
            purpose="核验",
            status=200,
            rows_returned=1,
        )
    )
    session.flush()


def put_closed_account(session, ended):
    account = make_account(session)
    session.execute(
        text("INSERT INTO contact (phone, language) VALUES (:phone, 'zh-CN')"),
        {"phone": account.phone},
    )
    close_accounts(session, [account.id], at=clock.now() - ended)


KINDS = {
    Retired.SIGN_INS: (put_sign_in, "SELECT count(*) FROM sign_in"),
    Retired.OPENINGS: (put_opening, "SELECT count(*) FROM opening"),
    Retired.API_CALLS: (put_api_call, "SELECT count(*) FROM api_call"),
    Retired.CLOSED_ACCOUNTS: (put_closed_account, "SELECT count(*) FROM account WHERE phone <> ''"),
}


@pytest.mark.parametrize("kind", Retired)
def test_what_is_old_goes_once_and_what_is_young_stays(session, kind):
    put, count = KINDS[kind]
    put(session, A_YEAR_AGO)
    put(session, timedelta(days=100))
    had = session.execute(text(count)).scalar_one()

    assert retire(session, kind, before=before(), limit=10) == 1
    assert retire(session, kind, before=before(), limit=10) == 0

    assert session.execute(text(count)).scalar_one() == had - 1


def test_it_goes_in_slices(session):
    for _ in range(3):
        put_opening(session, A_YEAR_AGO)

    taken = [retire(session, Retired.OPENINGS, before=before(), limit=2) for _ in range(3)]

    assert taken == [2, 1, 0]


def test_a_sign_in_that_still_opens_a_door_stays(session):
    account = make_account(session, make_resident(session))
    with time_machine.travel(before(365), tick=False):
        make_sign_in(session, account=account, days=400)

    assert retire(session, Retired.SIGN_INS, before=before(), limit=10) == 0


def test_the_number_is_forgotten_where_it_was_written_to_as_well(session):
    put_closed_account(session, A_YEAR_AGO)

    retire(session, Retired.CLOSED_ACCOUNTS, before=before(), limit=10)

    assert session.execute(text("SELECT phone FROM contact")).scalar_one().startswith("forgotten")


def test_nothing_younger_than_thirty_days_is_ever_retired(session):
    with pytest.raises(DBAPIError, match="younger than thirty days"):
        retire(session, Retired.OPENINGS, before=before(29), limit=10)


def test_nobody_but_the_platform_retires_anything(session):
    staff = make_staff(session, "city_officer", division_code="1405")
    token = make_sign_in(session, staff=staff)
    session.commit()

    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=token)),
        pytest.raises(DBAPIError, match="only the platform"),
        sessions.transaction() as window,
    ):
        retire(window, Retired.OPENINGS, before=before(), limit=10)


def test_the_trail_tells_what_went_and_loses_nothing(session):
    put_opening(session, A_YEAR_AGO)
    lines = text("SELECT count(*) FROM trail_entry WHERE table_name = 'opening'")
    had = session.execute(lines).scalar_one()

    retire(session, Retired.OPENINGS, before=before(), limit=10)

    assert session.execute(lines).scalar_one() == had + 1


def test_the_application_has_no_right_of_its_own_to_delete_them(own_city):
    for table in ("sign_in", "opening", "api_call", "trail_entry"):
        with (
            acting(Act(Face.COMMAND, "tests", "test", service=True)),
            pytest.raises(DBAPIError, match="permission denied"),
            sessions.transaction() as session,
        ):
            session.execute(text(f"DELETE FROM {table}"))

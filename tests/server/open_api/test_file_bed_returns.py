"""fileBedReturns: systems of operators file for their own facilities, row by row."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.returns.batches import give_sites
from server.identity.scopes import BED_RETURNS, DEPARTURES
from server.identity.service import api_keys
from server.open_api.app import create_app
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site

TODAY = clock.today()


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def home(session):
    return make_site(session, name="甲院", source_key="名册:1")


@pytest.fixture
def issue(session, home):
    def give(scope=BED_RETURNS, sites=None):
        session.connection()
        issued = api_keys.issue_key(
            session, owner="甲院软件", purpose="床位日报", scopes=[scope], fields=["outcome"],
            rate_per_minute=60, days=30,
        )  # fmt: skip
        give_sites(session, issued.key.id, [home.id] if sites is None else sites)
        return issued.token

    return give


@pytest.fixture
def send(app, session, issue):
    def post(*rows, token=None, body=None):
        token = token or issue()
        headers = {"Authorization": f"Bearer {token}", "Purpose": "daily return"}
        session.commit()
        answer = app.test_client().post(
            "/v1/bed-returns", json=body or {"returns": list(rows)}, headers=headers
        )
        session.commit()
        return answer

    return post


def row(home, **changed):
    values = {
        "site_id": home.id,
        "day": TODAY.isoformat(),
        "licensed": 100,
        "usable": 90,
        "occupied": 60,
        "on_leave": 2,
    } | changed
    return {name: value for name, value in values.items() if value is not None}


def outcomes(answer):
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json["items"]]


def count(session):
    return session.execute(text("SELECT count(*) FROM bed_return")).scalar_one()


def test_a_batch_is_filed_once_corrected_and_left_as_it_is(send, home):
    assert outcomes(send(row(home))) == ["new"]
    assert outcomes(send(row(home))) == ["unchanged"]
    assert outcomes(send(row(home, occupied=61))) == ["corrected"]


def test_a_facility_may_be_named_by_its_key_in_the_list(send, home):
    assert outcomes(send(row(home, site_id=None, source_key="名册:1"))) == ["new"]


def test_each_row_is_judged_by_itself(session, send, home):
    other = make_site(session)
    old = (TODAY - timedelta(days=30)).isoformat()
    told = outcomes(
        send(
            row(home),
            row(home, occupied=61),
            row(other),
            row(home, site_id=99999999),
            row(home, kind="hospice", occupied=95),
            row(home, day=old),
            row(home, day=(TODAY + timedelta(days=1)).isoformat()),
            row(home, day=(TODAY - timedelta(days=1)).isoformat()),
        )
    )
    assert told == [
        "new", "repeated", "not_yours", "not_yours", "figures_do_not_add_up",
        "day_out_of_reach", "day_out_of_reach", "new",
    ]  # fmt: skip
    assert count(session) == 2


def test_a_key_without_facilities_files_for_none(session, send, issue, home):
    assert outcomes(send(row(home), token=issue(sites=[]))) == ["not_yours"]
    assert count(session) == 0


def test_a_key_of_another_scope_files_nothing(session, send, issue, home):
    answer = send(row(home), token=issue(scope=DEPARTURES))
    assert answer.status_code == 403
    assert count(session) == 0


def test_what_differs_from_the_records_is_found_though_the_key_sees_none(session, send, home):
    make_bed(session, site=home)
    send(row(home))
    finding = session.execute(text("SELECT kind, site_id FROM finding")).one()
    assert tuple(finding) == ("return_differs", home.id)


@pytest.mark.parametrize(
    "wrong",
    [{"occupied": -1}, {"occupied": "60"}, {"occupied": 1.5}, {"day": "yesterday"},
     {"kind": "sofa"}, {"source_key": "名册:1"}, {"site_id": None}, {"colour": "red"}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole(session, send, home, wrong):
    assert send(row(home, **wrong)).status_code == 422
    assert count(session) == 0


def test_500_rows_go_and_501_do_not(session, send, home, issue):
    homes = [make_site(session) for _ in range(500)]
    token = issue(sites=[one.id for one in homes])
    told = outcomes(send(*(row(one) for one in homes), token=token))
    assert told == ["new"] * 500
    assert send(*[row(home)] * 501, token=token).status_code == 422

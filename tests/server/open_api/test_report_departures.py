"""reportDepartures: departments tell of deaths and moves, row by row, as often as they like."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from server import clock
from server.identity.models import ApiCall
from server.identity.scopes import DEPARTURES, SITE_CONTACTS
from server.identity.service import api_keys
from server.meals.models import BookedBy
from server.meals.service import book_meal
from server.open_api.app import create_app
from server.residents.departures.named import Told
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_sitting
from tests.factories.people import an_id_number, make_resident

ADDRESS = "/v1/departures"


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def issue(session):
    def give(scope=DEPARTURES, fields=("outcome",)):
        session.connection()
        return api_keys.issue_key(
            session, owner="公安局", purpose="户籍注销", scopes=[scope],
            fields=list(fields), rate_per_minute=60, days=30,
        ).token  # fmt: skip

    return give


@pytest.fixture
def send(app, session, issue):
    def post(*reports, token=None, purpose="户籍注销通报", body=None):
        headers = {"Authorization": f"Bearer {token or issue()}"}
        if purpose is not None:
            headers["Purpose"] = purpose.encode().decode("latin-1")
        session.commit()
        answer = app.test_client().post(
            ADDRESS, json={"reports": list(reports)} if body is None else body, headers=headers
        )
        session.commit()
        return answer

    return post


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英", id_number=an_id_number(811))


def report(**changed):
    values = {
        "source_reference": "A-1",
        "kind": "died",
        "happened_on": (clock.today() - timedelta(days=1)).isoformat(),
        "name": "李秀英",
        "id_number": an_id_number(811),
    }
    return {name: value for name, value in (values | changed).items() if value is not None}


def outcomes(answer):
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json["items"]]


def test_a_death_is_applied_once_and_ends_what_it_must(session, send, mother):
    sitting = make_sitting(session, in_days=2)
    book_meal(session, sitting_id=sitting.id, resident_id=mother.id, booked_by=BookedBy.SELF)

    assert outcomes(send(report())) == ["applied"]
    assert outcomes(send(report())) == ["unchanged"]

    assert session.execute(text("SELECT status FROM booking")).scalar_one() == "cancelled"
    told = session.execute(text("SELECT source, source_reference FROM departure")).one()
    assert tuple(told) == ("公安局", "A-1")


def test_another_key_of_the_same_department_is_the_same_source(send, issue, mother):
    send(report(), token=issue())

    assert outcomes(send(report(), token=issue())) == ["unchanged"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"id_number": an_id_number(812)}, "unknown"),
        ({"name": "王桂兰"}, "name_disagrees"),
        ({"id_number": "140502194405068111"}, "id_number_unusable"),
        ({"happened_on": "2999-01-01"}, "impossible_day"),
        ({"id_number": None, "born_on": "1944-05-06"}, "applied"),
        ({"id_number": None, "born_on": "1944-05-07"}, "unknown"),
    ],
)
def test_each_row_is_told_what_became_of_it(send, mother, changed, told):
    assert outcomes(send(report(**changed))) == [told]


def test_nobody_of_several_is_guessed(session, send, mother):
    make_resident(session, name="李秀英", village_code=OTHER_COUNTY_VILLAGE)

    assert outcomes(send(report(id_number=None, born_on="1944-05-06"))) == ["ambiguous"]


def test_one_bad_row_holds_nobody_up_and_the_order_stays(session, send, mother):
    far = make_resident(
        session, name="王桂兰", id_number=an_id_number(813), village_code=OTHER_COUNTY_VILLAGE
    )
    answer = send(
        report(source_reference="A-1", id_number="1"),
        report(source_reference="A-2", name="王桂兰", id_number=an_id_number(813)),
        report(source_reference="A-3"),
    )

    assert [one["source_reference"] for one in answer.json["items"]] == ["A-1", "A-2", "A-3"]
    assert outcomes(answer) == ["id_number_unusable", "applied", "applied"]
    gone = text("SELECT died_on IS NOT NULL FROM resident WHERE id = :id")
    assert session.execute(gone, {"id": far.id}).scalar_one()


def test_another_day_for_the_same_person_contradicts(send, mother):
    send(report())
    earlier = (clock.today() - timedelta(days=9)).isoformat()

    assert outcomes(send(report(happened_on=earlier, source_reference="A-2"))) == ["contradicts"]


def test_500_rows_are_as_many_statements_as_one(session, send, issue, mother, engine):
    many = [report(source_reference=f"B-{number}") for number in range(500)]

    assert set(outcomes(send(*many))) == {"applied", "unchanged"}
    assert session.execute(text("SELECT count(*) FROM departure")).scalar_one() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"reports": []},
        {"reports": [report(source_reference=f"C-{number}") for number in range(501)]},
        {"reports": [report(id_number=None)]},
        {"reports": [report(source_reference=None)]},
        {"reports": [report(kind="asleep")]},
        {"reports": [report(resident_id="1")]},
        {},
    ],
)
def test_what_the_contract_does_not_have_is_refused_whole(session, send, mother, body):
    assert send(body=body).status_code == 422
    assert session.execute(text("SELECT count(*) FROM departure")).scalar_one() == 0


def test_every_call_is_in_the_log_with_its_purpose_and_rows(session, send, mother):
    send(report(), report(source_reference="A-2"))

    [call] = session.exec(select(ApiCall)).all()
    assert (call.status, call.rows_returned, call.purpose, call.scope) == (
        200, 2, "户籍注销通报", DEPARTURES,
    )  # fmt: skip
    reason = text(
        "SELECT reason FROM act WHERE action = 'departures.report_departures'"
        " AND reason IS NOT NULL"
    )
    assert session.execute(reason).scalar_one() == f"#{call.api_key_id} 户籍注销通报"


def test_a_key_for_something_else_reports_nothing(session, send, issue, mother):
    answer = send(report(), token=issue(SITE_CONTACTS, ("name",)))

    assert (answer.status_code, answer.json["type"]) == (403, "/problems/scope-missing")
    assert session.execute(text("SELECT count(*) FROM departure")).scalar_one() == 0


def test_without_a_purpose_nothing_is_taken_in(send, mother):
    assert send(report(), purpose=None).status_code == 400


def test_the_contract_names_every_outcome(app):
    document = app.test_client().get("/openapi.json").json
    operation = document["paths"]["/v1/departures"]["post"]

    assert operation["operationId"] == "reportDepartures"
    assert operation["security"] == [{"key": []}]
    told = document["components"]["schemas"]["ReportOutcome"]["properties"]["outcome"]
    assert set(told["enum"]) == {one.value for one in Told}

"""What a change leaves behind: exactly its lines, pointing to who did it, and for whom."""

import json
from collections import Counter

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.residents.models import GrantKind
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


class Trail:
    """The trail as the role reads it that seals it."""

    def __init__(self, url):
        self._url = url
        self._seen = 0

    def new_lines(self):
        """Return the lines that were added since the last time, each with its act."""
        engine = create_engine(self._url)
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT t.id, t.table_name, t.row_key, t.body, a.face, a.action, a.account_id,"
                    " a.for_resident_id, a.request_id FROM city_1405.trail_entry t"
                    " JOIN city_1405.act a ON a.id = t.act_id WHERE t.id > :seen ORDER BY t.id"
                ),
                {"seen": self._seen},
            ).all()
        engine.dispose()
        self._seen = max([self._seen, *(row.id for row in rows)])
        return rows


class Committed:
    """Stands for the session of a phone's test client: rows here are committed already."""

    def commit(self):
        pass


@pytest.fixture
def house(own_city):
    """A father, his daughter's account, and a sitting, all committed."""
    with (
        acting(Act(Face.COMMAND, "tests", "test", service=True)),
        sessions.transaction() as session,
    ):
        father = make_resident(session, name="陈大明")
        account = make_account(session, father, kind=GrantKind.HELPER)
        token = make_sign_in(session, account=account)
        sitting = make_sitting(session)
        canteen = make_canteen(session)
    return father, account, token, sitting, canteen


@pytest.fixture
def daughter(app, house):
    return Phone(app.test_client(), Committed(), house[2])


@pytest.fixture
def trail(own_city, house):
    trail = Trail(own_city.owner_url)
    trail.new_lines()
    return trail


def test_a_booking_leaves_its_line_and_that_of_the_care_link(daughter, house, trail):
    father, account, _, sitting, _ = house

    booking = daughter.book(sitting, father).json

    lines = trail.new_lines()
    assert Counter(line.table_name for line in lines) == {"booking": 1, "care_link": 1}
    assert {line.action for line in lines} == {"bookings.book_meal"}
    assert {line.face for line in lines} == {"phone"}
    assert {(line.account_id, line.for_resident_id) for line in lines} == {(account.id, father.id)}
    assert len({line.request_id for line in lines}) == 1
    [line] = (line for line in lines if line.table_name == "booking")
    assert line.row_key == str(booking["id"])
    body = json.loads(line.body)
    assert (body["op"], body["old"]) == ("INSERT", None)
    assert body["new"]["own_pay_fen"] == booking["own_pay_fen"]
    assert [reason["code"] for reason in body["new"]["reasons"]] == ["subsidy-by-age"]


def test_a_cancellation_leaves_one_line_and_a_second_that_nothing_changed(daughter, house, trail):
    father, account, _, sitting, _ = house
    booking = daughter.book(sitting, father).json
    trail.new_lines()

    daughter.post(f"/v1/bookings/{booking['id']}/cancellation", {"reason": "雨"})
    daughter.post(f"/v1/bookings/{booking['id']}/cancellation", {"reason": "雨"})

    [line, again] = trail.new_lines()
    assert (line.account_id, line.for_resident_id) == (account.id, father.id)
    body = json.loads(line.body)
    assert body["op"] == "UPDATE"
    assert (again.table_name, json.loads(again.body)["new"]) == ("act", None)
    assert set(body["new"]) == set(body["old"]) == {"status", "cancelled_at", "cancel_reason"}


def test_the_same_request_again_leaves_nothing(daughter, house, trail):
    father, sitting = house[0], house[3]
    daughter.book(sitting, father, key="k" * 32)
    trail.new_lines()

    assert daughter.book(sitting, father, key="k" * 32).status_code == 201
    assert trail.new_lines() == []


def test_a_refusal_leaves_nothing_not_even_an_act(daughter, house, trail, own_city):
    father, _, _, sitting, _ = house
    daughter.book(sitting, father)
    trail.new_lines()
    before = count_acts(own_city)

    assert refusal(daughter.book(sitting, father)) == (409, "already-booked")
    assert daughter.get("/v1/me").status_code == 200

    assert trail.new_lines() == []
    assert count_acts(own_city) == before


def test_the_usual_canteen_is_chosen_for_someone(daughter, house, trail):
    father, _, _, _, canteen = house

    daughter.send(
        "PUT", f"/v1/residents/{father.id}/usual-canteen", {"canteen_id": canteen.site_id}
    )

    [line] = trail.new_lines()
    assert (line.table_name, line.for_resident_id) == ("resident", father.id)
    assert json.loads(line.body)["new"] == {"usual_canteen_id": canteen.site_id}


def test_a_sign_out_is_for_nobody(daughter, house, trail):
    daughter.send("DELETE", "/v1/sign-ins/current")

    [line] = trail.new_lines()
    assert (line.table_name, line.for_resident_id) == ("sign_in", None)


def test_no_line_holds_an_id_number_a_token_or_its_digest(own_city, house, daughter):
    father, _, token, sitting, _ = house
    daughter.book(sitting, father)

    text_of_all = " ".join(line.body for line in Trail(own_city.owner_url).new_lines())

    assert "id_number_cipher" not in text_of_all
    assert "token_digest" not in text_of_all
    assert token not in text_of_all


def count_acts(own_city):
    engine = create_engine(own_city.owner_url)
    with Session(engine) as session:
        count = session.execute(text("SELECT count(*) FROM city_1405.act")).scalar_one()
    engine.dispose()
    return count

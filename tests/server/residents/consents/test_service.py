"""Consents in the database: given once, withdrawn once, worth as much as the text in force."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.residents.consents import service
from server.residents.consents.errors import ConsentNeeded, WitnessNeeded
from server.residents.consents.models import GivenHow, Giver, Purpose
from server.residents.consents.service import Agreement, Paper
from tests.cities import CITY
from tests.factories.consents import NEWER_TEXT, make_consent
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
COUNT = text("SELECT count(*), count(*) FILTER (WHERE withdrawn_at IS NULL) FROM consent")


@pytest.fixture
def resident(session):
    return make_resident(session)


def test_what_was_not_agreed_to_is_refused(session, resident):
    with pytest.raises(ConsentNeeded):
        service.check_consent(session, resident.id, Purpose.HEALTH)

    make_consent(session, "health", resident=resident)

    service.check_consent(session, resident.id, Purpose.HEALTH)


def test_one_consent_says_nothing_of_another(session, resident):
    make_consent(session, "health", resident=resident)

    with pytest.raises(ConsentNeeded):
        service.check_consent(session, resident.id, Purpose.ID_NUMBER)


PAPER = Paper(Purpose.HEALTH, GivenHow.PAPER, Giver.SELF, witness_name="王主任")


class TestPaper:
    @pytest.fixture
    def at_a_window(self, session):
        staff = make_staff(session, "community_worker", division_code="140502")
        token = make_sign_in(session, staff=staff)
        session.commit()

        def record(resident, paper):
            act = Act(Face.CONSOLE, "tests", "test", token=token)
            with acting(act), sessions.transaction() as window:
                service.record_paper(window, resident.id, paper, language="zh-CN")

        return record

    def test_counts_as_much_as_the_app(self, session, resident, at_a_window):
        session.commit()
        at_a_window(resident, PAPER)

        service.check_consent(session, resident.id, Purpose.HEALTH)

    @pytest.mark.parametrize(
        ("given_by", "giver", "witness"),
        [
            (Giver.SELF, None, " "),
            (Giver.GUARDIAN, "李强", "李强"),
            (Giver.GUARDIAN, None, "王主任"),
        ],
    )
    def test_needs_a_witness_who_is_somebody_else(
        self, session, resident, at_a_window, given_by, giver, witness
    ):
        session.commit()
        with pytest.raises(WitnessNeeded):
            at_a_window(resident, Paper(Purpose.HEALTH, GivenHow.WINDOW, given_by, witness, giver))


@pytest.fixture
def house(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        resident = make_resident(session)
        account = make_account(session, resident)
        make_consent(session, "health", resident=resident)
        return resident, make_sign_in(session, account=account)


def as_the_owner(city, statement, **values):
    owner = create_engine(city.owner_url)
    try:
        with owner.begin() as connection:
            connection.execute(text(statement), values)
    finally:
        owner.dispose()


def agree_to_health(house, version):
    resident, token = house
    with acting(Act(Face.PHONE, "tests", "test", token=token)), sessions.transaction() as session:
        wish = [Agreement(Purpose.HEALTH, version, resident.id)]
        service.agree(session, wish, language="zh-CN")


def counted():
    with acting(PLATFORM), sessions.transaction(writes=False) as session:
        return tuple(session.execute(COUNT).one())


def test_a_newer_text_asks_again(own_city, house):
    as_the_owner(own_city, NEWER_TEXT, purpose="health")
    with acting(PLATFORM), sessions.transaction() as session, pytest.raises(ConsentNeeded):
        service.check_consent(session, house[0].id, Purpose.HEALTH)

    agree_to_health(house, 2)

    assert counted() == (2, 1)


def test_a_thousand_taps_are_one_consent(own_city, house):
    with acting(PLATFORM), sessions.transaction() as session:
        session.execute(text("UPDATE consent SET withdrawn_at = given_at, withdrawn_how = 'app'"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _agree_in_the_city(house), range(16)))

    assert counted() == (2, 1)


def _agree_in_the_city(house):
    with in_city(CITY):
        agree_to_health(house, 1)


CHANGES = (
    "UPDATE consent SET given_at = given_at - interval '1 day'",
    "UPDATE consent SET purpose = 'id_number'",
    "DELETE FROM consent",
    "UPDATE consent_text SET title = 'x'",
    "INSERT INTO consent (account_id, purpose, text_id, given_at, how, given_by)"
    " SELECT 1, purpose, id, '2026-01-01', 'app', 'self' FROM consent_text LIMIT 1",
)


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_but_the_withdrawal_ever_changes(own_city, house, change):
    act = Act(Face.PHONE, "tests", "test", token=house[1])
    with (
        acting(act),
        pytest.raises(DBAPIError, match=r"permission denied|row-level security"),
        sessions.transaction() as session,
    ):
        session.execute(text(change.replace("SELECT 1,", "SELECT 999999,")))


def test_a_withdrawal_stands(own_city, house):
    change = text("UPDATE consent SET withdrawn_at = given_at, withdrawn_how = 'app'")
    with acting(PLATFORM), sessions.transaction() as session:
        session.execute(change)
    with (
        acting(PLATFORM),
        pytest.raises(DBAPIError, match="only withdrawn, and once"),
        sessions.transaction() as session,
    ):
        session.execute(change)


def test_the_digest_is_of_the_words(own_city, house):
    with pytest.raises(DBAPIError, match="digest_is_of_the_words"):
        as_the_owner(own_city, "UPDATE city_1405.consent_text SET body = body || '!'")


def test_the_database_knows_the_language_of_each_text(session):
    missing = session.execute(
        text(
            "SELECT purpose FROM consent_text GROUP BY purpose, version"
            " HAVING count(DISTINCT language) < 2"
        )
    ).all()

    assert missing == []

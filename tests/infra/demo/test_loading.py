"""The demo in the database: what is promised, and nothing twice."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from infra.demo import loading, register
from infra.demo.beginning import DEFAULT_SEED, CityInhabited, OtherSeed
from infra.demo.canteens import CANTEENS
from infra.demo.divisions import NoVillages
from infra.demo.faces import DAUGHTERS_PHONE, FACES, OWN_PHONE, PHONE_HOLDERS, SHARED_PHONE
from infra.demo.loading import load_demo
from infra.demo.staff import PASSWORD, STAFF, second_factor_secret
from server import clock
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.sessions import actor_of, transaction
from server.identity.models import Role
from server.identity.one_time import code_of, step_at
from server.identity.service.accounts import ask_for_code
from server.identity.service.staff_door import (
    Caller,
    NextStep,
    pass_second_step,
    sign_in_by_password,
)
from server.people.papers import check_id_number
from server.residents.models import ID_NUMBER_FIELD
from server.residents.service import sign_in_by_code
from server.secrets.fields import keyring
from tests.infra.demo.conftest import PLATFORM, RESIDENTS, set_up

COUNTED = (
    "act", "provider", "site", "canteen", "dish", "sitting", "sitting_dish", "booking", "resident",
    "hardship_period", "care_link", "account", "resident_grant", "staff", "staff_role",
    "assessment", "assessment_sheet", "hukou", "care_insurance", "disability_certificate",
    "guardianship", "payee_account", "resident_contact",
    "bed", "bed_return", "daily_report",
)  # fmt: skip


@pytest.fixture
def count(ask):
    """Count the rows of every table that the demo fills."""
    tables = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in COUNTED)
    return lambda: ask(f"SELECT {tables}")[0]._asdict()


@pytest.fixture
def as_staff(demo):
    """Sign a member of the staff in and return the act of whoever holds that sign-in."""

    def sign_in(name):
        with acting(PLATFORM), transaction() as session:
            signed_in = sign_in_by_password(
                session, sign_in_name=name, password=PASSWORD, caller=Caller("test")
            )
            if isinstance(signed_in, NextStep):
                code = code_of(second_factor_secret(DEFAULT_SEED, name), step_at(clock.now()))
                signed_in = pass_second_step(
                    session, token=signed_in.token, typed=code, caller=Caller("test")
                )
        return acting(Act(Face.CONSOLE, "tests", "test", token=signed_in.token))

    return sign_in


def test_counts_are_as_promised(demo, ask, count):
    counted = count()

    assert counted["resident"] == RESIDENTS
    assert counted["canteen"] == 12
    assert counted["site"] == 24 + 12
    [ahead] = ask("SELECT count(*) AS n FROM sitting WHERE service_on >= :day", day=clock.today())
    assert ahead.n == 14 * sum(len(canteen.serves) for canteen in CANTEENS)
    assert {row.kind for row in ask("SELECT DISTINCT kind FROM site")} == {
        "care_home", "township_home", "day_centre", "street_centre", "station", "canteen",
        "meal_point", "home_care_provider",
    }  # fmt: skip
    models = ask("SELECT operating_model, count(*) FROM canteen GROUP BY 1")
    assert sorted(models) == sorted((model, 2) for model, _ in models)
    assert len(models) == 6


def test_facilities_lie_in_every_county(demo, ask):
    rows = ask(
        "SELECT DISTINCT left(division_code, 6) FROM site WHERE source_key LIKE 'demo:facility%'"
    )
    assert len(rows) == 6


def test_menus_reach_from_today_over_two_weeks(demo, ask):
    ahead = "SELECT DISTINCT service_on AS day FROM sitting WHERE service_on >= :day ORDER BY 1"
    days = [row.day for row in ask(ahead, day=clock.today())]
    assert days == [clock.today() + timedelta(days=n) for n in range(14)]


def test_every_sitting_has_dishes_places_and_a_believable_price(demo, ask):
    [row] = ask(
        "SELECT min(capacity) AS least, max(capacity) AS most, min(list_price_fen) AS cheapest,"
        " max(list_price_fen) AS dearest, min(dishes) AS dishes FROM sitting JOIN"
        " (SELECT sitting_id, count(*) AS dishes FROM sitting_dish GROUP BY 1) d ON sitting_id = id"
        " WHERE id NOT IN (SELECT sitting_id FROM meal_waiting)"
    )
    assert (row.least, row.most) == (20, 120)
    assert (row.cheapest, row.dearest) == (600, 2000)
    assert row.dishes >= 3


def test_booked_places_are_those_of_the_bookings(demo, ask):
    wrong = ask(
        "SELECT id FROM sitting WHERE booked <> (SELECT count(*) FROM booking"
        " WHERE sitting_id = sitting.id AND status <> 'cancelled')"
    )
    assert wrong == []


def test_today_has_meals_that_were_collected_and_meals_that_wait(demo, ask):
    found = ask("SELECT DISTINCT status FROM booking WHERE service_on = :day", day=clock.today())
    assert {row.status for row in found} == {"booked", "collected"}


def test_the_parts_of_a_price_say_why(demo, ask):
    [row] = ask(
        'SELECT bool_or(r @> \'[{"code": "subsidy-by-hardship"}]\') AS poor,'
        ' bool_or(r @> \'[{"code": "charity"}]\') AS charity, max(subsidised_no) AS most'
        " FROM (SELECT reasons AS r, subsidised_no FROM booking) b"
    )
    assert row.poor
    assert row.charity
    assert row.most <= 2


def test_a_resident_is_found_by_the_digest_and_read_with_the_key(demo, ask):
    rows = ask("SELECT id_number_cipher, id_number_digest FROM resident ORDER BY id LIMIT 20")
    for cipher, digest in rows:
        number = check_id_number(keyring().decrypt(bytes(cipher), ID_NUMBER_FIELD))
        assert keyring().digest(number, ID_NUMBER_FIELD) == bytes(digest)


def test_running_twice_changes_nothing(demo, count):
    before = count()
    assert not load_demo(residents=RESIDENTS).is_anything
    assert count() == before


def test_a_smaller_number_takes_nobody_away(demo, count):
    before = count()
    load_demo(residents=10)
    assert count() == before


def test_every_role_has_a_staff_member_who_can_sign_in(as_staff):
    roles = set()
    for member in STAFF:
        with as_staff(member.sign_in_name), transaction(writes=False) as session:
            roles |= {Role(role["role"]) for role in actor_of(session).roles}
    assert roles == set(Role)


def test_canteen_staff_know_who_comes_to_eat(as_staff):
    with as_staff("canteen"), transaction(writes=False) as session:
        nameless = session.connection().execute(
            text(
                "SELECT count(*) FILTER (WHERE r.name IS NULL), count(*)"
                " FROM booking b LEFT JOIN resident r ON r.id = b.resident_id"
            )
        )
        unknown, diners = nameless.one()
    assert diners > 0
    assert unknown == 0


@pytest.mark.parametrize(
    ("phone", "acted_for", "own"),
    [(OWN_PHONE, 1, 1), (DAUGHTERS_PHONE, 2, 0), (SHARED_PHONE, 2, 2)],
)
def test_a_phone_acts_for_those_it_was_given(demo, phone, acted_for, own):
    with acting(PLATFORM), transaction() as session:
        asked = ask_for_code(session, phone=phone, address=f"test {phone}")
        signed_in = sign_in_by_code(session, phone=phone, code=asked.code)
    phone_act = Act(Face.PHONE, "tests", "test", token=signed_in.token)
    with acting(phone_act), transaction(writes=False) as session:
        actor = actor_of(session)
    assert (len(actor.resident_ids), len(actor.own_resident_ids)) == (acted_for, own)


@pytest.mark.nightly
def test_a_larger_number_adds_only_the_difference(empty_city, ask):
    load_demo(residents=60)
    before = ask("SELECT id, name, id_number_digest FROM resident ORDER BY id")

    added = load_demo(residents=100)

    assert vars(added) == {**dict.fromkeys(vars(added), 0), "residents": 40}
    after = ask("SELECT id, name, id_number_digest FROM resident ORDER BY id")
    assert after[:60] == before
    assert len({bytes(row.id_number_digest) for row in after}) == 100


@pytest.mark.nightly
def test_what_a_load_left_out_is_filled_in_by_the_next(empty_city, ask, monkeypatch):
    monkeypatch.setattr(register, "SLICE", 20)
    load_demo(residents=30)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "find_missing", lambda *_, **__: [(60, 80)])
        load_demo(residents=90)

    told = []
    added = load_demo(residents=90, workers=2, tell=lambda done, of: told.append((done, of)))

    assert added.residents == 40
    assert told[0] == (50, 90)
    assert told[-1] == (90, 90)
    assert ask("SELECT count(*) FROM resident")[0][0] == 90


@pytest.mark.nightly
def test_the_next_day_adds_one_day_of_menus_and_lets_today_be_booked(empty_city, ask):
    load_demo(residents=60)
    ahead = "SELECT count(*) FROM sitting WHERE service_on >= :day"
    sittings = ask(ahead, day=clock.today())[0][0]
    tomorrow = clock.now() + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=True):
        added = load_demo(residents=60)
        again = load_demo(residents=60)
        late = ask(
            "SELECT count(*) FROM sitting WHERE service_on = :day"
            " AND (cutoff_at AT TIME ZONE 'Asia/Shanghai')::date < service_on",
            day=clock.today(),
        )
    assert added.sittings == sittings // 14
    assert added.residents == 0
    assert not again.is_anything
    assert late[0][0] == 0


def test_a_city_keeps_the_seed_it_was_begun_with(demo, count):
    before = count()
    with pytest.raises(OtherSeed, match="1405"):
        load_demo(residents=RESIDENTS, seed=7)
    assert count() == before


def test_people_are_not_put_among_real_residents(empty_city, ask):
    with acting(PLATFORM), transaction() as session:
        session.connection().execute(
            text(
                "INSERT INTO resident (name, pinyin, initials, sex, born_on, village_code, address)"
                " VALUES ('真人', '', '', 'male', '1950-01-01', '140502001001', '')"
            )
        )
    with pytest.raises(CityInhabited):
        load_demo(residents=20)
    assert ask("SELECT count(*) FROM site")[0][0] == 0


def test_a_city_without_villages_has_no_demo(own_city):
    set_up(own_city, "3201")
    with in_city("3201"), pytest.raises(NoVillages, match="3201"):
        load_demo(residents=20)


def test_every_face_has_a_phone_that_acts_for_it():
    assert sorted(n for holder in PHONE_HOLDERS for n in holder.residents) == [*range(len(FACES))]

"""What the application's role may do to the records that others rely on: nothing."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.cities import CITY
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident, make_sign_in, make_staff

COLUMN_OF = {
    "act": "action",
    "trail_entry": "body",
    "trail_seal": "digest",
    "trail_anchor": "digest",
}
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
FORBIDDEN = (
    "INSERT INTO act (at, face, action, request_id) VALUES (now(), 'phone', 'x', 'x')",
    "UPDATE act SET action = 'x'",
    "DELETE FROM act",
    "TRUNCATE act",
    "INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)"
    " VALUES (1, pg_current_xact_id(), 'x', 'x', '{}')",
    "UPDATE trail_entry SET body = ''",
    "DELETE FROM trail_entry",
    "TRUNCATE trail_entry",
    "INSERT INTO trail_seal (position, entry_id, digest) VALUES (1, 1, sha256('x'))",
    "UPDATE trail_seal SET position = position + 1",
    "DELETE FROM trail_seal",
    "TRUNCATE trail_seal",
    "INSERT INTO trail_anchor (position, digest, at) VALUES (1, sha256('x'), '2026-01-01')",
    "DELETE FROM trail_anchor",
    "SELECT * FROM context_secret",
    "UPDATE context_secret SET platform_digest = ''",
    "UPDATE sitting SET booked = 0",
    "UPDATE sitting SET canteen_id = canteen_id",
    "DELETE FROM sitting",
    "UPDATE booking SET own_pay_fen = 0",
    "UPDATE booking SET subsidy_fen = 0",
    "UPDATE booking SET resident_id = resident_id",
    "UPDATE booking SET sitting_id = sitting_id",
    "UPDATE booking SET code = '000000'",
    "UPDATE booking SET reasons = '[]'",
    "DELETE FROM booking",
    "DELETE FROM resident",
    "DELETE FROM parameter",
    "DELETE FROM message",
    "UPDATE idempotency_key SET status = 200",
    "UPDATE alembic_version SET version_num = '0001'",
    "ALTER TABLE sitting DROP CONSTRAINT ck_sitting_booked_within_capacity",
    "ALTER TABLE resident DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER trail ON booking",
    "CREATE TABLE mine (a int)",
    "CREATE FUNCTION entered2() RETURNS int LANGUAGE sql RETURN 1",
    "SET ROLE yinling_owner",
    "SET session_replication_role = replica",
)


@pytest.fixture
def booked(session):
    sitting = make_sitting(session)
    resident = make_resident(session)
    book_meal(session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.STAFF)
    return sitting


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_not_even_the_platform_may(session, booked, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        session.execute(text(statement))


def test_a_change_outside_an_act_is_refused(own_city):
    engine = create_engine(own_city.app_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="without an act"):
        connection.execute(text("INSERT INTO city_1405.provider (name) VALUES ('x')"))
    engine.dispose()


def test_the_sealer_reads_the_trail_and_nothing_else(own_city):
    engine = create_engine(own_city.sealer_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM city_1405.trail_entry"))
        for table in ("resident", "booking", "sign_in", "context_secret"):
            with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
                connection.execute(text(f"SELECT * FROM city_1405.{table}"))
        for table in ("act", "trail_entry", "trail_seal", "trail_anchor"):
            for change in (f"DELETE FROM city_1405.{table}", f"TRUNCATE city_1405.{table}",
                           f"UPDATE city_1405.{table} SET {COLUMN_OF[table]} = NULL"):  # fmt: skip
                with pytest.raises(DBAPIError, match="denied"), connection.begin_nested():
                    connection.execute(text(change))
        with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
            connection.execute(text("INSERT INTO city_1405.act DEFAULT VALUES"))
    engine.dispose()


def lines_seen_by(session, staff, **manner):
    """How many lines of the trail the database itself shows to this member of staff."""
    token = make_sign_in(session, staff=staff, **manner)
    session.commit()
    act = Act(Face.CONSOLE, "tests", "test", token=token)
    with acting(act), sessions.transaction(writes=False) as reading:
        return reading.execute(text("SELECT count(*) FROM trail_entry")).scalar_one()


def test_the_database_shows_the_trail_to_auditors_of_the_whole_city_alone(session, booked):
    for role in Role:
        for division in (CITY, "140502"):
            seen = lines_seen_by(session, make_staff(session, role, division_code=division))
            assert (seen > 0) == (role is Role.AUDITOR and division == CITY), (role, division)


def test_an_auditor_without_a_second_factor_sees_no_line(session, booked):
    staff = make_staff(session, Role.AUDITOR, division_code=CITY)

    assert lines_seen_by(session, staff, second_factor=False) == 0


def test_a_former_auditor_sees_the_trail_no_more(session, booked):
    staff = make_staff(session, Role.AUDITOR, division_code=CITY)
    assert lines_seen_by(session, staff) > 0

    session.execute(text("UPDATE staff_role SET ends_on = starts_on + 1"))

    assert lines_seen_by(session, staff) == 0


def test_without_a_proven_actor_nobody_sees_a_line(own_city):
    engine = create_engine(own_city.app_url)
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT count(*) FROM city_1405.trail_entry"))
        assert counted.scalar_one() == 0
    engine.dispose()


def test_the_place_that_a_booking_takes_is_counted_by_the_database(session, booked):
    session.refresh(booked)
    assert booked.booked == 1

    with pytest.raises(DBAPIError, match="ck_sitting_booked_within_capacity"):
        session.execute(text("UPDATE sitting SET capacity = 0"))


def test_another_search_path_does_not_bend_the_functions(own_city):
    """A temporary table of the same name must not be what a guarded function reads."""
    engine = create_engine(own_city.app_url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "CREATE TEMPORARY TABLE context_secret AS"
                " SELECT ''::text AS seal_key, sha256('mine') AS platform_digest, true AS one_row"
            )
        )
        connection.execute(text("SET search_path TO pg_temp, city_1405"))
        with pytest.raises(DBAPIError, match="context key"):
            connection.execute(
                text(
                    "SELECT * FROM city_1405.enter(true, 'command', 'x', 'x', NULL, now(), NULL,"
                    " 'mine', NULL)"
                )
            )
    engine.dispose()


def test_the_platform_acts_in_its_own_name(connection):
    with acting(PLATFORM), sessions.transaction() as session:
        assert sessions.actor_of(session).is_service

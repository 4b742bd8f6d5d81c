"""An act that changed nothing is in the chain too: who searched, took lists out, was refused."""

import orjson
import pytest
from sqlalchemy import text

from server.audit.rules import BreakKind
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity.errors import PasswordWrong
from server.identity.service import staff_door
from server.identity.service.staff_door import Caller
from tests.factories.people import make_resident

SEARCH = Act(Face.CONSOLE, "residents.search", "r1", service=True, reason="核对材料")


def act(which=SEARCH):
    with acting(which), transaction():
        pass


def lines_of(stream, action):
    found = stream.execute(
        "SELECT e.table_name, e.body FROM trail_entry e JOIN act a ON a.id = e.act_id"
        " WHERE a.action = %s ORDER BY e.id", (action,)
    )  # fmt: skip
    return [(table, orjson.loads(body)) for table, body in found.fetchall()]


@pytest.fixture
def sealed(trail):
    """A change, an act without one, and another change."""
    trail.change()
    act()
    trail.change()
    trail.seal()
    return trail


def place_of_the_act(stream):
    row = stream.execute(
        "SELECT position FROM trail_seal s JOIN trail_entry e ON e.id = s.entry_id"
        " WHERE e.table_name = 'act'"
    ).fetchone()
    return row[0]


def test_it_has_one_line_that_says_who_and_why(own_city, stream):
    act()

    ((table, body),) = lines_of(stream, "residents.search")
    assert (table, body["op"], body["who"]["reason"]) == ("act", "ACT", "核对材料")
    assert body["key"] == str(body["act"])


def test_an_act_that_changed_something_has_no_second_line(own_city, stream):
    with acting(SEARCH), transaction() as session:
        make_resident(session)

    assert [table for table, _ in lines_of(stream, "residents.search")] == ["resident"]


def test_a_short_trail_is_looked_up_as_a_long_one_is(own_city, superuser):
    act()
    superuser("ANALYZE trail_entry")

    with acting(SEARCH), transaction() as session:
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        read_through = session.execute(
            text("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'trail_entry'")
        ).scalar_one()

    assert read_through == 0


def test_timed_work_that_found_nothing_leaves_none(own_city, stream):
    act(Act(Face.TIMETABLE, "timetable.forget", "r1", service=True))

    assert lines_of(stream, "timetable.forget") == []


def test_a_refused_sign_in_is_one(own_city, stream):
    door = Act(Face.CONSOLE, "identity.sign_in", "r1", service=True)
    with acting(door), pytest.raises(PasswordWrong), transaction() as session:
        staff_door.sign_in_by_password(
            session, sign_in_name="nobody", password="x", caller=Caller("192.0.2.1")
        )

    ((table, body),) = lines_of(stream, "identity.sign_in")
    assert table == "act"
    assert "nobody" not in str(body)


def test_what_was_undone_leaves_nothing(own_city, stream):
    with acting(SEARCH), pytest.raises(ZeroDivisionError), transaction():
        _ = 1 / 0

    assert lines_of(stream, "residents.search") == []


def test_the_chain_is_whole_with_it(sealed):
    assert sealed.verify().broken is None


@pytest.mark.parametrize(
    "bend",
    [
        "UPDATE act SET staff_id = 7 WHERE action = 'residents.search'",
        "UPDATE act SET at = at - interval '1 day' WHERE action = 'residents.search'",
        "UPDATE act SET reason = NULL WHERE action = 'residents.search'",
        "DELETE FROM act WHERE action = 'residents.search'",
    ],
)
def test_an_act_edited_or_deleted_is_named(sealed, stream, superuser, bend):
    place = place_of_the_act(stream)
    superuser(bend)

    broken = sealed.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.ACT_CHANGED, place)


def test_an_act_deleted_with_its_line_is_named(sealed, stream, superuser):
    place = place_of_the_act(stream)
    superuser(
        "DELETE FROM trail_entry WHERE table_name = 'act'",
        "DELETE FROM act WHERE action = 'residents.search'",
    )

    broken = sealed.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.ENTRY_DELETED, place)


def test_an_act_slipped_in_is_named(sealed, superuser):
    superuser(
        "INSERT INTO act (at, face, action, request_id)"
        " SELECT at, face, 'made.up', request_id FROM act LIMIT 1",
        "INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)"
        " SELECT max(a.id), '1', 'act', '1', '{}' FROM act a",
    )

    assert sealed.verify().broken.kind is BreakKind.ENTRY_INSERTED

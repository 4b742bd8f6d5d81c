"""Rows added together by the thousand share lines of the trail, each with every value."""

import orjson
import pytest
from sqlalchemy import text

from server.audit.many import hundred_of, row_in, rows_in
from server.audit.queries import TrailFilter, list_life, list_lines
from server.audit.rules import BreakKind
from server.audit.telling import told
from server.db.sessions import transaction
from tests.factories.meals import make_site

MANY = 730
FILED = """
    INSERT INTO bed_return (site_id, kind, day, licensed, usable, occupied, on_leave, is_unchanged,
                            source, filed_at)
    SELECT :site, 'institution', DATE '2023-01-01' + n, 100, 90, n % 50, 1, false, 'file', now()
      FROM generate_series(1, :number) n
"""
LINES = "SELECT row_key, body FROM trail_entry WHERE table_name = 'bed_return' ORDER BY id"
AS_IN_THE_TRAIL = "SELECT to_jsonb(r) FROM bed_return r ORDER BY id"


def file_many(session, number=MANY):
    site = make_site(session)
    session.execute(text(FILED), {"site": site.id, "number": number})
    return session.execute(text("SELECT id FROM bed_return ORDER BY id")).scalars().all()


def lines(session):
    return [(key, orjson.loads(body)) for key, body in session.execute(text(LINES))]


def test_every_value_of_every_row_is_in_a_line(session):
    file_many(session)

    told_rows = [row for _, body in lines(session) for row in rows_in(body)]

    assert told_rows == list(session.execute(text(AS_IN_THE_TRAIL)).scalars())
    assert MANY // 100 <= len(lines(session)) <= MANY // 100 + 2


def test_each_line_says_who_and_is_named_after_the_hundred_of_its_rows(session):
    file_many(session)

    for key, body in lines(session):
        assert (body["op"], body["key"], body["who"]["face"]) == ("INSERT", key, "command")
        assert {hundred_of(str(row["id"])) for row in rows_in(body)} == {key}


@pytest.mark.parametrize("number", [1, 500])
def test_what_people_file_has_a_line_each(session, number):
    ids = file_many(session, number)

    assert [key for key, _ in lines(session)] == [str(one) for one in ids]
    assert all(body["new"]["licensed"] == 100 for _, body in lines(session))


def test_the_life_of_a_row_begins_in_a_line_of_many(session):
    number = file_many(session)[321]
    session.execute(text("UPDATE bed_return SET occupied = 77 WHERE id = :id"), {"id": number})

    life = list_life(session, "bed_return", str(number), limit=9)
    entered, corrected = (told(row, key=str(number)) for row in life)

    assert ("在住", "空", "22") in {(one.column, one.old, one.new) for one in entered.changes}
    assert [(one.old, one.new) for one in corrected.changes] == [("22", "77")]


def test_a_line_of_many_says_how_many_where_no_row_was_asked_for(session):
    file_many(session)

    newest = list_lines(session, TrailFilter(table="bed_return"), limit=3)

    for row in newest:
        [change] = told(row).changes
        assert change.new == str(len(rows_in(orjson.loads(row.body))))


def test_a_row_of_the_same_hundred_that_came_alone_is_not_in_it(session):
    last = file_many(session)[-1]
    session.execute(text(FILED), {"site": make_site(session).id, "number": 1})

    assert [row.row_key for row in list_life(session, "bed_return", str(last + 1), limit=9)] == [
        str(last + 1)
    ]


@pytest.mark.parametrize("body", [{}, {"columns": 1, "rows": []}, {"columns": [], "rows": [3]}])
def test_a_line_that_was_bent_holds_no_rows(body):
    assert rows_in(body) == []
    assert row_in(body, "3") == {}


def test_a_value_that_was_bent_in_a_line_of_many_is_found(trail, superuser):
    with transaction() as session:
        file_many(session)
    trail.seal()
    superuser(
        "UPDATE trail_entry SET body = replace(body, '100, 90, 22', '100, 90, 21')"
        " WHERE table_name = 'bed_return'"
    )

    broken = trail.verify().broken

    assert (broken.kind, broken.table) == (BreakKind.ENTRY_CHANGED, "bed_return")


def test_rows_without_an_act_are_refused(session):
    session.execute(text("SELECT set_config('yinling.context', '', true)"))
    with pytest.raises(Exception, match=r"without an act|row-level security"):
        file_many(session)

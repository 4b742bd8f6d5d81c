"""A line of the trail reads as a sentence, and says nothing raw about a person."""

import pytest
import sqlalchemy as sa
from sqlalchemy import text

from server.audit.queries import TrailFilter, list_followed_tables, list_life, list_lines
from server.audit.showing import CLOSED_TABLES, shown
from server.audit.telling import people_in, table_named, told
from server.i18n.catalogues import LANGUAGES, catalogue, in_language
from server.migrations.tables import metadata
from tests.factories.meals import make_sitting
from tests.factories.people import make_account, make_resident

HIDDEN = ("_cipher", "_hash", "token_digest", "code_digest")
RAW = ("赵大明", "13800001234", "1944-05-06", "黄华街 7 号")


@pytest.fixture
def elder(session):
    """Somebody who has moved house."""
    elder = make_resident(session, name="赵大明", phone="+8613800001234", address="黄华街 7 号")
    session.flush()
    elder.address = "泽州路 9 号"
    session.flush()
    return elder


def life(session, elder, **given):
    return [told(row, **given) for row in list_life(session, "resident", str(elder.id), limit=9)]


def values(line):
    return {change.column: (change.old, change.new) for change in line.changes}


def test_a_records_life_is_told_from_its_beginning(session, elder):
    entered, moved = life(session, elder)

    assert (entered.operation, moved.operation) == ("INSERT", "UPDATE")
    assert (entered.face, entered.resident_id) == ("command", elder.id)
    assert values(entered)["性别"] == ("空", "女")
    assert values(moved) == {"住址": ("［已遮盖］", "［已遮盖］")}


def test_nothing_raw_is_said_of_a_person(session, elder):
    said = repr(life(session, elder))

    assert [raw for raw in RAW if raw in said] == []
    entered = values(life(session, elder)[0])
    assert entered["姓名"][1] == "赵**"
    assert entered["电话"][1] == "138****1234"
    assert entered["出生日"][1] == "1944-**-**"
    assert entered["证件号码"][1] == "［密文］"


def test_who_gives_a_reason_reads_in_full_but_never_what_is_sealed(session, elder):
    moved = life(session, elder, in_full=True)[1]
    entered = life(session, elder, in_full=True)[0]

    assert values(moved) == {"住址": ("黄华街 7 号", "泽州路 9 号")}
    assert values(entered)["证件号码"][1] == "［密文］"


def test_what_is_nobodys_is_said_as_people_say_it(session):
    sitting = make_sitting(session)
    [row] = list_life(session, "sitting", str(sitting.id), limit=9)

    with in_language("en"):
        said = values(told(row))

    assert said["meal"][1] == "Lunch"
    assert said["list price"][1] == f"{sitting.list_price_fen / 100:.2f} yuan"
    assert len(said["cut-off"][1]) == len("2026-11-22 10:00:00")


@pytest.mark.parametrize("value", ["张三的病历", 7, ["a"], {"a": 1}])
def test_a_column_that_nobody_named_shows_nothing(value):
    assert shown("resident", "diagnosis", value) == "［已遮盖］"
    assert shown("no_such_table", "note", value) == "［已遮盖］"


@pytest.mark.parametrize("table", sorted(CLOSED_TABLES))
def test_how_somebody_is_stays_closed(table):
    columns = [
        column
        for column in metadata.tables[table].c
        if not isinstance(column.type, sa.Date | sa.DateTime | sa.LargeBinary)
        and not column.name.endswith("_id")
    ]

    assert {shown(table, column.name, 7) for column in columns} <= {"［已遮盖］"}


def test_a_line_that_was_bent_is_still_shown(session, elder):
    [row, *_] = list_life(session, "resident", str(elder.id), limit=1)

    for bent in ("", "[]", '{"old": null}'):
        assert told(Bent(row, bent)).id == row.id


class Bent:
    """A row whose text is another."""

    def __init__(self, row, body):
        self._row, self.body = row, body

    def __getattr__(self, name):
        return getattr(self._row, name)


@pytest.mark.parametrize(
    ("word", "table"),
    [
        ("residents", "resident"),
        ("resident", "resident"),
        ("care-links", "care_link"),
        ("staff", "staff"),
        ("booking", "booking"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_table_is_named_as_people_write_it(word, table):
    assert table_named(word) == table


def test_the_newest_lines_come_first_and_pages_follow(session, elder):
    make_account(session, elder)
    every = [row.id for row in list_lines(session, TrailFilter(), limit=100)]

    assert every == sorted(every, reverse=True)
    paged = [row.id for row in list_lines(session, TrailFilter(), after=every[1], limit=2)]
    assert paged == every[2:4]


def test_lines_are_found_by_table_key_person_and_day(session, elder):
    by_key = TrailFilter(table="resident", key=str(elder.id))
    assert len(list_lines(session, by_key, limit=9)) == 2
    assert {row.table_name for row in list_lines(session, TrailFilter(table="resident"), limit=9)}
    assert list_lines(session, TrailFilter(staff_id=987654), limit=9) == []

    today = session.execute(text("SELECT max(at) FROM act")).scalar_one().date()
    assert list_lines(session, TrailFilter(day=today.replace(year=2020)), limit=9) == []


def test_the_people_of_some_lines_are_named(session, elder):
    account = make_account(session, elder)
    lines = [told(row) for row in list_lines(session, TrailFilter(), limit=9)]

    assert people_in(lines) == (set(), {elder.id})
    assert account.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_followed_table_and_column_has_its_word(session, language):
    """A new table says in both languages what its columns are called."""
    words = catalogue(language, "console")
    followed = list_followed_tables(session)
    columns = [
        (table, column.name)
        for table in followed
        for column in metadata.tables[table].c
        if not column.name.endswith(HIDDEN)
    ]

    assert [table for table in followed if f"trail_table\x04{table}" not in words] == []
    assert [
        f"{table}.{column}"
        for table, column in columns
        if not {f"trail_column\x04{table}.{column}", f"trail_column\x04{column}"} & words.keys()
    ] == []

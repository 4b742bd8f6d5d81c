"""Cursors: whatever comes in, only what was given out is taken."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from server.secrets import fields
from server.web.pages import CursorUnusable, day, page_of, read_cursor
from tests.cities import FIELD_KEYS, INDEX_KEY

APP = Flask(__name__)
APP.add_url_rule("/one", "one", lambda: "")
APP.add_url_rule("/two", "two", lambda: "")
fields.hold(fields.keyring_from(FIELD_KEYS, INDEX_KEY))
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ROWS = st.lists(st.tuples(st.integers(0, 4), NAMES, st.integers(0, 2**63 - 1)), min_size=1)


@given(rows=ROWS, limit=st.integers(1, 100))
def test_a_cursor_brings_back_the_key_of_the_last_row(rows, limit):
    with APP.test_request_context("/one"):
        page = page_of(rows[: limit + 1], limit=limit, key=lambda row: row)
        if len(rows) <= limit:
            assert page == {"items": rows, "next_cursor": None}
        else:
            assert read_cursor(page["next_cursor"], int, str, int) == rows[limit - 1]


@given(cursor=st.text(max_size=200) | st.binary(max_size=100).map(lambda given: given.hex()))
def test_a_made_up_cursor_is_refused(cursor):
    with APP.test_request_context("/one"), pytest.raises(CursorUnusable):
        read_cursor(cursor, day, int)


def test_a_cursor_belongs_to_its_list():
    with APP.test_request_context("/one"):
        cursor = page_of([(1,), (2,)], limit=1, key=lambda row: row)["next_cursor"]
        assert read_cursor(cursor, int) == (1,)
    with APP.test_request_context("/two"), pytest.raises(CursorUnusable):
        read_cursor(cursor, int)


def test_without_a_cursor_the_list_begins():
    assert read_cursor(None, int) is None

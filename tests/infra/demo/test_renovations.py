"""Renovations of the demo stand in every stage, and what is settled has its amounts."""

from infra.demo.renovations import put_renovations
from server.db.acts import acting
from server.db.sessions import transaction
from tests.infra.demo.conftest import PLATFORM

COUNTS = "SELECT state, count(*) FROM renovation GROUP BY state ORDER BY state"
AGAIN = "SELECT count(*) FROM renovation_photo WHERE like_file_id IS NOT NULL"


def test_there_are_homes_in_every_stage(demo, ask):
    counts = {row.state for row in ask(COUNTS)}

    assert {"survey", "quoting", "consent", "building", "acceptance", "settled"} <= counts
    assert ask(AGAIN)[0][0] == 0


def test_a_second_load_adds_none(demo):
    with acting(PLATFORM), transaction() as session:
        assert put_renovations(session) == 0

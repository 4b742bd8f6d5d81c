"""Beds at home of the demo stand in every stage, and those that serve hold their beds."""

from infra.demo.home_beds import put_home_beds
from server.db.acts import acting
from server.db.sessions import transaction
from tests.infra.demo.conftest import PLATFORM

COUNTS = "SELECT state, count(*) FROM home_bed GROUP BY state ORDER BY state"
UNSERVED = (
    "SELECT count(*) FROM home_bed h WHERE h.state = 'serving' AND NOT EXISTS (SELECT 1 FROM"
    " bed_occupancy o WHERE o.stay_id = h.stay_id AND o.kind = 'home_care' AND o.ends_on IS NULL)"
)


def test_there_are_beds_in_every_stage_and_whoever_is_served_has_a_bed(demo, ask):
    counts = {row.state for row in ask(COUNTS)}

    assert {"applied", "notice", "signing", "acceptance", "serving"} <= counts
    assert ask(UNSERVED)[0][0] == 0


def test_a_second_load_adds_none(demo):
    with acting(PLATFORM), transaction() as session:
        assert put_home_beds(session) == 0

"""The demo's homes are half full, and their records are ones that the services would have made."""

from infra.demo.beds import put_beds
from infra.demo.beginning import find_beginning
from infra.demo.sites import FACILITIES, FILING, FIRST_CARE_HOME
from server import clock
from server.db.acts import acting
from server.db.sessions import transaction
from server.facilities.models import kinds_counted
from server.facilities.queries.counts import list_counts
from server.providers.models import FacilityKind
from tests.infra.demo.conftest import PLATFORM, RESIDENTS

HOMES = (FacilityKind.CARE_HOME, FacilityKind.TOWNSHIP_HOME)


def counts(known_at=None):
    with acting(PLATFORM), transaction(writes=False) as session:
        rows = list_counts(session, prefixes=["1405"], site_ids=[], on=clock.today())
    return [row for row in rows if row.kind in kinds_counted(None)]


def test_every_home_has_the_beds_it_declares_and_is_licensed_for(demo):
    rows = counts()

    keeping = [
        one.beds
        for number, one in enumerate(FACILITIES, start=1)
        if one.kind in HOMES and f"demo:facility:{number:02d}" not in FILING
    ]
    assert sum(row.beds for row in rows) == sum(keeping)
    assert all(row.licensed == row.beds for row in rows)
    assert {row.kind.value for row in rows} == {"institution", "medical"}
    assert 0 < sum(row.nursing for row in rows) < sum(row.beds for row in rows)


def test_the_first_home_is_as_full_as_the_demo_has_people(demo, ask):
    [site] = ask("SELECT id FROM site WHERE source_key = :key", key=FIRST_CARE_HOME)
    rows = [row for row in counts() if row.id == site.id]

    taken = sum(row.occupied + row.on_leave + row.held for row in rows)
    assert taken > sum(row.beds for row in rows) * 0.35
    assert sum(row.occupied for row in rows) > 0
    assert sum(row.beds - row.usable for row in rows) == 3


def test_people_live_where_they_are_known_and_most_at_home(demo, ask):
    [lost] = ask(
        "SELECT count(*) AS stays FROM stay s WHERE NOT EXISTS (SELECT 1 FROM care_link l"
        " WHERE l.resident_id = s.resident_id AND l.site_id = s.site_id)"
    )
    [living] = ask("SELECT count(*) AS stays FROM stay WHERE kind <> 'home_care'")

    assert lost.stays == 0
    assert 0 < living.stays <= RESIDENTS * 0.3


def test_every_stay_has_the_bed_that_its_status_says(demo, ask):
    rows = ask(
        "SELECT s.status, array_agg(DISTINCT o.state ORDER BY o.state) AS states"
        " FROM stay s JOIN bed_occupancy o ON o.stay_id = s.id"
        " WHERE o.ends_on IS NULL OR o.state = 'held' GROUP BY s.status"
    )
    states = {row.status: set(row.states) for row in rows}

    assert states["staying"] <= {"occupied", "on_leave", "in_hospital"}
    assert states.get("held", {"held"}) == {"held"}
    assert "ended" not in states


def test_a_second_load_puts_nothing_more(demo):
    with acting(PLATFORM), transaction(writes=False) as session:
        assert put_beds(session, find_beginning(session)) == 0

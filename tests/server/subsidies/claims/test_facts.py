"""Where the platform has facts of its own, a claim is filled from them, reckoned as a run would."""

import pytest

from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.subsidies.claims import asking
from server.subsidies.claims.errors import NoCases
from server.subsidies.claims.models import LookedAt
from server.subsidies.claims.queries import find_last_look
from tests.concurrency.racing import as_owner
from tests.factories.claims import in_february, make_claim, make_claimed
from tests.factories.meals import make_site

pytestmark = pytest.mark.long

FACTS = """
    CREATE FUNCTION facts_of_tests_only(p_first date, p_until date)
    RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint,
                   month date, part bigint, on_day date, subject text, facts jsonb)
    LANGUAGE sql STABLE AS $$
        SELECT n::bigint, NULL::bigint, NULL::bigint, s.id, p_first, 0::bigint, p_first + 27,
               'stay:' || n,
               jsonb_build_object('days_in_bed', 31 - (n - 1), 'days_of_month', 31,
                                  'ability_level', 'severe', 'stars', 3)
          FROM site s, generate_series(1, 3) n WHERE s.name = 'with cases'
    $$
"""


@pytest.fixture(autouse=True)
def february():
    with in_february(), acting(Act(Face.COMMAND, "tests", "test", service=True)):
        yield


def claim_of(session, name):
    make_claimed(session)
    return make_claim(session, make_site(session, name=name))


def test_cases_come_from_the_facts_and_amounts_from_the_programme(own_city):
    as_owner(own_city, FACTS)

    with transaction() as session:
        claim = claim_of(session, "with cases")
        look = find_last_look(session, claim.id)

    # Only who was there the whole month counts.
    assert (look.looked_at, claim.cases, claim.expected_fen) == (LookedAt.FACTS, 3, 30000)
    assert [one["fen"] for one in look.content] == [30000, 0, 0]


def test_nothing_is_handed_in_where_the_platform_knows_of_nothing(own_city):
    as_owner(own_city, FACTS)

    with transaction() as session:
        claim = claim_of(session, "without cases")
        with pytest.raises(NoCases):
            asking.hand_in(session, claim.id)

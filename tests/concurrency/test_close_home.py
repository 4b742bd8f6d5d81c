"""A home closes while people move in: whoever got in keeps it open, and nobody gets in after."""

from server import clock
from server.db import sessions
from server.facilities.closing import change_opening
from server.facilities.errors import FacilityNotOpen, PeopleStillHere
from server.facilities.stays.admitting import admit
from server.providers.models import OpeningState
from tests.concurrency.racing import look, race
from tests.factories.facilities import make_beds

TODAY = clock.today()
IN_A_CLOSED_HOME = """
    SELECT s.id FROM stay s JOIN site h ON h.id = s.site_id
     WHERE h.opening_state = 'closed' AND s.status = 'staying'
"""
ROUNDS = 8


@sessions.in_transaction
def act(wish, *, session):
    site_id, bed_id, resident_id = wish
    if bed_id is None:
        state = OpeningState.CLOSED
        change_opening(session, site_id, state, starts_on=TODAY, reason="合同到期")
        return "closed"
    admit(session, bed_id=bed_id, resident_id=resident_id, admitted_on=TODAY)
    return "admitted"


def test_no_home_is_closed_with_somebody_in_it(own_city, platform, settle, people):
    residents = iter(people(ROUNDS)[1])
    outcomes = []
    for _ in range(ROUNDS):
        bed, site = settle(
            lambda session: next((bed.id, bed.site_id) for bed in make_beds(session, 1))
        )
        outcomes.append(race([(site, None, None), (site, bed, next(residents))], act))

    assert look(own_city, IN_A_CLOSED_HOME) == []
    for outcome in outcomes:
        assert outcome in (
            {"closed": 1, FacilityNotOpen.__name__: 1},
            {"admitted": 1, PeopleStillHere.__name__: 1},
        )

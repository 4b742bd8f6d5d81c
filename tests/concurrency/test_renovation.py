"""Many do the same to a home at once: it happens once, and no grant is given twice.

Each race that a constraint decides has a twin that runs without it, and must then go wrong.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.referrals.models import RequestedBy
from server.homecare.beds import preparing
from server.homecare.models import HomeBedState
from server.homecare.renovations import applying, building, quoting
from server.homecare.renovations.errors import HomeRenovated, RenovationAcceptedAlready
from server.residents.models import Resident
from tests.concurrency.racing import as_owner, look, race
from tests.factories.alarms import make_call_device
from tests.factories.home_beds import Offices, built
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.renovations import Renewal

HELD = "SELECT count(*) FROM renovation WHERE holds"
# A home for which both were paid in full.
PAID_TWICE = """
    SELECT n.id FROM renovation n JOIN home_bed_build b USING (resident_id)
     WHERE n.state = 'building' AND n.grant_fen > 0 AND b.asks_grant AND NOT b.is_after_renovation
"""


@sessions.in_transaction
def act(deed, *, session):
    return deed(session) and deed.__name__


@pytest.fixture
def offices(settle):
    return settle(lambda session: Offices(session, make_provider(session)))


@pytest.fixture
def residents(people):
    return people(8)[1]


@pytest.fixture
def brought(settle, offices, residents):
    """Bring the first one's home as far as asked: `brought("acceptance")`."""

    def bring(state):
        def make(session):
            way = Renewal(session, offices, session.get(Resident, residents[0]))
            return way.to(state), way.quote_id

        return settle(make)

    return bring


class TestApplications:
    @pytest.fixture
    def wishes(self, residents):
        def of(resident):
            def asked(session):
                return applying.apply(
                    session, resident_id=resident, requested_by=RequestedBy.SELF,
                    address="建设路12号3号楼2单元501室",
                )  # fmt: skip

            return asked

        return [of(resident) for resident in residents] * 2

    def test_of_one_home_make_one_renovation(self, own_city, platform, wishes):
        assert race(wishes, act) == {"asked": 1, HomeRenovated.__name__: 15}
        assert look(own_city, HELD) == [(1,)]

    def test_without_the_guards_make_many(self, own_city, platform, wishes):
        as_owner(
            own_city, "DROP INDEX uq_renovation_one_a_home", "DROP INDEX uq_renovation_one_a_person"
        )

        assert race(wishes, act)["asked"] > 1


class TestAcceptances:
    @pytest.fixture
    def wishes(self, brought, offices):
        number, _quote = brought("acceptance")

        def by(office):
            def accepted(_):
                with acting(Act(Face.CONSOLE, "tests", "test", token=office.token)):
                    return act(lambda session: building.accept(session, number)) and "accepted"

            return accepted

        return [by(offices.county)] * 6

    def test_one_person_accepts_once(self, wishes):
        assert race(wishes, lambda wish: wish(None)) == {
            "accepted": 1, RenovationAcceptedAlready.__name__: 5,
        }  # fmt: skip

    def test_without_the_guard_twice(self, own_city, wishes):
        as_owner(own_city, "DROP INDEX uq_renovation_acceptance_different")

        assert race(wishes, lambda wish: wish(None))["accepted"] == 2


class TestOneGrant:
    """The elder says yes to the renovation while the provider writes down what the bed cost."""

    @pytest.fixture
    def wishes(self, settle, brought, offices, residents):
        number, quote = brought("consent")

        def make(session):
            one = session.get(Resident, residents[0])
            bed = make_home_bed(session, one, offices.site, state=HomeBedState.BUILDING)
            make_call_device(session, bed)
            return bed.id

        bed = settle(make)

        def agreed(session):
            return quoting.agree(session, number, quote_id=quote)

        def bed_built(session):
            return preparing.record_build(session, bed, built(1))

        return [agreed, bed_built]

    def test_is_not_given_twice_in_full(self, own_city, platform, wishes):
        outcomes = race(wishes, act)

        assert outcomes["bed_built"] == 1
        assert look(own_city, PAID_TWICE) == []

    def test_without_the_guards_would_be(self, own_city, platform, wishes):
        as_owner(
            own_city,
            "DROP TRIGGER know_the_renovation ON home_bed_build",
            "DROP TRIGGER know_the_bed ON renovation",
        )
        act(wishes[0])
        act(wishes[1])

        assert len(look(own_city, PAID_TWICE)) == 1

    def test_is_refused_by_the_database_itself(self, settle, own_city, platform, wishes):
        act(wishes[1])

        def force(session):
            session.execute(
                text(
                    "UPDATE renovation SET state = 'building', tier = 'none', cost_fen = 10,"
                    " grant_fen = 4, own_pay_fen = 6"
                )
            )

        with pytest.raises(IntegrityError, match="granted in full"):
            settle(force)

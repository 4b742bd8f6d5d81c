"""Many move one person's bed at home at once: it happens once, and nobody is in two beds."""

import pytest

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.admitting import admit
from server.homecare.beds import applying, preparing, serving
from server.homecare.beds.models import HomeBedAcceptance, HomeBedAgreement, HomeBedBuild
from server.homecare.errors import AcceptedAlready, HasAHomeBed, NeedsMissing
from server.homecare.models import HomeBedState
from server.residents.assessments.models import AbilityLevel
from server.residents.models import Resident
from tests.concurrency.racing import as_owner, look, race
from tests.concurrency.test_take_bed import IN_TWO_BEDS
from tests.factories.alarms import make_call_device
from tests.factories.assessments import give_level
from tests.factories.facilities import make_bed
from tests.factories.home_beds import Offices, built, terms
from tests.factories.homecare import make_home_bed, make_provider

OPEN = "SELECT count(*) FROM home_bed WHERE state <> 'ended'"
STANDING = "SELECT DISTINCT state FROM home_bed"


@sessions.in_transaction
def act(deed, *, session):
    return deed(session) and deed.__name__


@pytest.fixture
def resident(people):
    return people(1)[1][0]


@pytest.fixture
def offices(settle):
    return settle(lambda session: Offices(session, make_provider(session)))


@pytest.fixture
def bed(settle, resident, offices):
    """A bed that waits to be accepted."""

    def make(session):
        one = session.get(Resident, resident)
        give_level(session, one, AbilityLevel.SEVERE)
        bed = make_home_bed(session, one, offices.site, state=HomeBedState.ACCEPTANCE)
        rows = {"home_bed_id": bed.id, "resident_id": resident}
        session.add(HomeBedAgreement(
            **rows, site_id=bed.site_id, signed_on=clock.today(), **vars(terms())
        ))  # fmt: skip
        make_call_device(session, bed)
        session.add(HomeBedBuild(**rows, recorded_at=clock.now(), **vars(built(1))))
        session.flush()
        return bed.id

    return settle(make)


@pytest.fixture
def accepted(settle, bed, resident, offices):
    def make(session):
        for place, office in enumerate((offices.community, offices.county), 1):
            session.add(HomeBedAcceptance(
                home_bed_id=bed, resident_id=resident, place=place, staff_id=office.staff.id,
                accepted_at=clock.now(),
            ))  # fmt: skip
        session.flush()
        return bed

    return settle(make)


class TestTwentyApplications:
    @pytest.fixture
    def wishes(self, resident):
        def asked(session):
            return applying.apply(session, resident_id=resident, requested_by=RequestedBy.SELF)

        return [asked] * 20

    def test_make_one_bed(self, own_city, platform, wishes):
        assert race(wishes, act) == {"asked": 1, HasAHomeBed.__name__: 19}
        assert look(own_city, OPEN) == [(1,)]

    def test_without_the_guard_make_many(self, own_city, platform, wishes):
        as_owner(own_city, "DROP INDEX uq_home_bed_one_open")

        assert race(wishes, act)["asked"] > 1


@pytest.mark.parametrize("run", range(3))
def test_served_at_home_and_admitted_at_once_nobody_is_in_two_beds(
    own_city, platform, settle, accepted, resident, run
):
    house = settle(lambda session: make_bed(session).id)

    def served(session):
        return serving.begin(session, accepted)

    def admitted(session):
        return admit(session, bed_id=house, resident_id=resident, admitted_on=clock.today())

    outcomes = race([served, admitted] * 8, act)

    assert outcomes["admitted"] == 1
    assert outcomes["served"] <= 1
    assert look(own_city, IN_TWO_BEDS) == []
    [(state,)] = look(own_city, STANDING)
    assert state == ("paused" if outcomes["served"] else "acceptance")


class TestTwentyAcceptancesByOne:
    @pytest.fixture
    def accepts(self, bed, offices):
        token = offices.community.token

        def run(deed):
            with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
                return act(deed)

        def accept(session):
            return preparing.accept(session, bed)

        return run, [accept] * 20

    def test_count_once(self, own_city, accepts):
        run, wishes = accepts

        assert race(wishes, run) == {"accept": 1, AcceptedAlready.__name__: 19}

    def test_and_the_bed_does_not_serve(self, own_city, platform, accepts, bed):
        run, wishes = accepts
        race(wishes, run)

        def served(session):
            return serving.begin(session, bed)

        assert race([served], act) == {NeedsMissing.__name__: 1}

    def test_without_the_guards_count_twice(self, own_city, accepts):
        as_owner(own_city, "DROP INDEX uq_home_bed_acceptance_different")
        run, wishes = accepts

        assert race(wishes, run)["accept"] == 2

"""A home once in so many years, and never twice with the grant for a bed at home."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.homecare.beds import preparing
from server.homecare.errors import NeedsMissing
from server.homecare.models import HomeBedState
from server.homecare.renovations import quoting
from server.homecare.renovations.errors import HomeRenovated
from server.homecare.renovations.models import RenovationEnd
from server.homecare.renovations.states import RenovationState
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.alarms import make_call_device
from tests.factories.home_beds import built
from tests.factories.homecare import make_home_bed
from tests.factories.people import make_resident
from tests.factories.renovations import Renewal

TODAY = clock.today()
AFTER = text("SELECT is_after_renovation FROM home_bed_build")


@pytest.fixture
def build_a_bed(session, offices, site):
    """The provider writes down what a bed at home cost, and asks for the grant."""

    def build(resident):
        bed = make_home_bed(session, resident, site, state=HomeBedState.BUILDING)
        make_call_device(session, bed)
        session.commit()
        return offices.provider.does(preparing.record_build, bed.id, built(bed.id))

    return build


class TestOneHome:
    def test_the_address_written_otherwise_is_the_same_home(self, session, renewal, offices):
        renewal.to("applied")
        wife = Renewal(session, offices, make_resident(session), address="建设路12-3-2-501")

        with pytest.raises(HomeRenovated):
            wife.apply()

    def test_somebody_who_moved_within_the_city_waits_too(self, renewal):
        renewal.to("settled")

        with pytest.raises(HomeRenovated):
            renewal.apply(address="泽州路1号")

    def test_after_the_years_it_is_free_again(self, renewal, now):
        renewal.to("settled")

        with time_machine.travel(clock.now() + timedelta(days=5 * 366)):
            again = renewal.apply()
        assert again.id != renewal.id
        assert not now(renewal.id).holds

    def test_what_was_settled_is_a_fact_with_its_amounts(self, session, renewal):
        renewal.to("settled")
        facts = text("SELECT cost_fen, grant_fen, own_pay_fen FROM renovation_fact")

        assert session.execute(facts).all() == [(135_000, 54_000, 81_000)]


class TestBesideABed:
    def test_a_bed_after_the_yes_knows_of_the_renovation(
        self, session, renewal, resident, build_a_bed
    ):
        renewal.to("building")
        build_a_bed(resident)

        session.expire_all()
        assert session.execute(AFTER).scalar_one() is True

    def test_a_bed_before_it_had_the_full_grant_and_there_is_no_second(
        self, session, renewal, offices, resident, build_a_bed
    ):
        renewal.to("consent")
        build_a_bed(resident)

        assert session.execute(AFTER).scalar_one() is False
        session.commit()
        with pytest.raises(NeedsMissing) as refused:
            offices.community.does(quoting.agree, renewal.id, quote_id=renewal.quote_id)
        assert refused.value.facts["needs"] == ["no_full_bed_grant"]


class TestDepartures:
    def report(self, session, resident):
        return report_departure(
            session, resident_id=resident.id, kind=DepartureKind.DIED, happened_on=TODAY
        )

    def test_a_death_ends_what_is_not_built_and_a_mistake_brings_it_back(
        self, session, renewal, resident, now
    ):
        renewal.to("building")
        self.report(session, resident)
        departure_id = session.execute(text("SELECT max(id) FROM departure")).scalar_one()
        ended = now(renewal.id)
        assert (ended.end_reason, ended.holds) == (RenovationEnd.DIED, False)

        reverse_departure(session, departure_id, reason="误报")
        back = now(renewal.id)
        assert (back.state, back.holds) == (RenovationState.BUILDING, True)

    def test_what_is_built_is_still_accepted_and_settled(self, session, renewal, resident, now):
        renewal.to("accepted")
        self.report(session, resident)
        session.commit()

        renewal._settled()
        assert now(renewal.id).state is RenovationState.SETTLED

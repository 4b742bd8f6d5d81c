"""What happens in other beds, in the register and with time moves a bed at home by itself."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.errors import BedTaken
from server.facilities.models import Bed, BedKind, EndReason
from server.facilities.referrals.answering import accept
from server.facilities.referrals.carrying_out import carry_out
from server.facilities.referrals.models import ReferralReason, RequestedBy
from server.facilities.referrals.requesting import request_referral
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.homecare.beds import preparing, serving
from server.homecare.beds.linking import follow_level
from server.homecare.beds.sweeping import end_home_beds_due
from server.homecare.models import HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.states import Step
from server.identity.models import Role
from server.residents.assessments.events import AbilityLevelConfirmed
from server.residents.assessments.models import AbilityLevel
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.facilities import make_bed
from tests.factories.home_beds import Office, terms
from tests.factories.homecare import make_proof, make_visit, make_worker
from tests.factories.people import make_resident
from tests.server.homecare.beds.test_way import steps_of

TODAY = clock.today()
TAKEN = text(
    "SELECT kind FROM bed_occupancy WHERE resident_id = :one AND superseded_at IS NULL"
    " AND (ends_on IS NULL OR ends_on > :today)"
)


@pytest.fixture
def serves(way):
    return way.to("serving")


@pytest.fixture
def house(session):
    """A bed of a care home, and who runs the home."""
    bed = make_bed(session)
    session.commit()
    return bed


@pytest.fixture
def operator(session, house):
    office = Office(session, Role.FACILITY_OPERATOR, site_id=house.site_id)
    session.commit()
    return office


@pytest.fixture
def beds_of(session, resident):
    """The kinds of beds in which the person is today."""

    def look():
        session.expire_all()
        values = {"one": resident.id, "today": clock.today()}
        return list(session.execute(TAKEN, values).scalars())

    return look


def refer(session, bed_id, resident, from_stay_id, site_id, kind, *, wished=None):
    referral = request_referral(
        session,
        resident_id=resident.id,
        from_stay_id=from_stay_id,
        to_site_id=site_id,
        to_kind=kind,
        reason=ReferralReason.DAILY_CARE,
        basis="家人外出",
        requested_by=RequestedBy.STAFF,
    )
    accept(session, referral.id, bed_id=bed_id, planned_on=clock.today())
    return carry_out(session, referral.id, on=clock.today())


class TestIntoAHouse:
    def test_whoever_is_admitted_leaves_the_bed_at_home_in_the_same_step(
        self, serves, operator, house, resident, bed_now, beds_of, session
    ):
        let_know(session, resident, house)
        operator.does(admit, bed_id=house.id, resident_id=resident.id, admitted_on=TODAY)

        bed = bed_now(serves)
        assert (bed.state, bed.pause_reason) == (HomeBedState.PAUSED, HomeBedPause.IN_A_HOME)
        assert beds_of() == ["institution"]

    def test_a_refused_admission_leaves_the_bed_at_home_as_it_was(
        self, serves, house, resident, bed_now, beds_of, session
    ):
        house.left_uncleaned_at = clock.now()
        session.flush()

        with pytest.raises(Exception, match="bed-not-ready"):
            admit(session, bed_id=house.id, resident_id=resident.id, admitted_on=TODAY)
        assert bed_now(serves).state is HomeBedState.SERVING
        assert beds_of() == ["home_care"]

    def test_whoever_goes_home_again_is_served_again(
        self, serves, house, resident, bed_now, beds_of, session
    ):
        stay = admit(session, bed_id=house.id, resident_id=resident.id, admitted_on=TODAY)
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        assert bed_now(serves).state is HomeBedState.SERVING
        assert beds_of() == ["home_care"]

    def test_but_not_once_the_agreement_is_over(
        self, serves, house, resident, bed_now, beds_of, session
    ):
        stay = admit(session, bed_id=house.id, resident_id=resident.id, admitted_on=TODAY)
        with time_machine.travel(clock.now() + timedelta(days=400)):
            later = clock.today()
            discharge(session, stay.id, ended_on=later, reason=EndReason.WENT_HOME)
            assert beds_of() == []

        assert bed_now(serves).state is HomeBedState.PAUSED


class TestReferred:
    def test_into_a_care_home_and_back(
        self, serves, house, resident, site, bed_now, beds_of, session
    ):
        home = bed_now(serves)
        at_home, own_bed = home.stay_id, home.bed_id
        refer(session, house.id, resident, at_home, house.site_id, BedKind.INSTITUTION)
        assert bed_now(serves).pause_reason is HomeBedPause.IN_A_HOME
        assert beds_of() == ["institution"]

        query = text("SELECT id FROM stay WHERE resident_id = :one AND status = 'staying'")
        in_house = session.execute(query, {"one": resident.id}).scalar_one()
        refer(session, own_bed, resident, in_house, site.id, BedKind.HOME_CARE)

        back = bed_now(serves)
        assert (back.state, back.bed_id) == (HomeBedState.SERVING, own_bed)
        assert back.stay_id not in (at_home, None)
        assert beds_of() == ["home_care"]
        assert steps_of(session, serves)[-2:] == [Step.PAUSE, Step.RESUME]


class TestDepartures:
    def report(self, session, resident, kind):
        return report_departure(
            session,
            resident_id=resident.id,
            kind=kind,
            happened_on=TODAY,
            source="village",
            reference="",
        )

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            (DepartureKind.DIED, HomeBedEnd.DIED),
            (DepartureKind.MOVED_AWAY, HomeBedEnd.MOVED_AWAY),
        ],
    )
    def test_whoever_is_gone_has_no_bed_at_home(
        self, serves, resident, bed_now, session, kind, reason
    ):
        self.report(session, resident, kind)

        bed = bed_now(serves)
        assert (bed.state, bed.end_reason) == (HomeBedState.ENDED, reason)

    def test_a_mistaken_report_brings_it_back(self, serves, resident, bed_now, beds_of, session):
        self.report(session, resident, DepartureKind.DIED)
        departure_id = session.execute(text("SELECT max(id) FROM departure")).scalar_one()
        reverse_departure(session, departure_id, reason="重名")

        assert bed_now(serves).state is HomeBedState.SERVING
        assert beds_of() == ["home_care"]

    def test_an_application_ends_too(self, way, resident, bed_now, session):
        bed_id = way.to("precheck")
        self.report(session, resident, DepartureKind.DIED)

        assert bed_now(bed_id).end_reason is HomeBedEnd.DIED


class TestRecovery:
    def confirmed(self, resident, level):
        return AbilityLevelConfirmed(1, resident.id, level, TODAY, TODAY + timedelta(days=365))

    def test_whoever_needs_no_care_has_no_bed_at_home(
        self, serves, resident, bed_now, beds_of, session
    ):
        follow_level(session, self.confirmed(resident, AbilityLevel.INTACT))

        assert bed_now(serves).end_reason is HomeBedEnd.RECOVERED
        assert beds_of() == []

    def test_mild_is_enough(self, serves, resident, bed_now, session):
        follow_level(session, self.confirmed(resident, AbilityLevel.MILD))

        assert bed_now(serves).state is HomeBedState.SERVING


class TestTime:
    def in_days(self, session, days):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            return end_home_beds_due(session)

    def test_thirty_days_without_a_visit_end_it_and_a_second_look_ends_nothing(
        self, serves, bed_now, session
    ):
        assert self.in_days(session, 29) == 0
        assert self.in_days(session, 30) == 1
        assert bed_now(serves).end_reason is HomeBedEnd.NO_SERVICE
        assert self.in_days(session, 30) == 0

    def test_a_proved_visit_keeps_it(self, serves, bed_now, session):
        bed = bed_now(serves)
        make_proof(
            session,
            make_visit(session, bed, make_worker(session, bed), on=TODAY + timedelta(days=5)),
        )

        assert self.in_days(session, 34) == 0
        assert self.in_days(session, 35) == 1

    def test_who_lives_in_a_house_for_so_long_has_gone_into_it(
        self, serves, house, resident, bed_now, beds_of, session
    ):
        admit(session, bed_id=house.id, resident_id=resident.id, admitted_on=TODAY)

        assert self.in_days(session, 30) == 1
        assert bed_now(serves).end_reason is HomeBedEnd.INTO_A_HOME
        assert beds_of() == ["institution"]

    def test_it_ends_with_the_agreement_unless_another_follows(
        self, way, offices, bed_now, session
    ):
        bed_id = way.to("serving")
        bed = bed_now(bed_id)
        last = TODAY + timedelta(days=31 * 12)
        worker = make_worker(session, bed)
        make_proof(session, make_visit(session, bed, worker, on=last - timedelta(days=3)))
        session.commit()
        assert self.in_days(session, 31 * 12 - 1) == 0

        offices.provider.does(
            preparing.renew, bed_id, terms(starts_on=last, ends_on=last + timedelta(days=100))
        )
        assert self.in_days(session, 31 * 12) == 0
        assert self.in_days(session, 31 * 12 + 100) == 1
        assert bed_now(bed_id).end_reason is HomeBedEnd.CONTRACT_ENDED


def test_a_death_told_by_the_provider_waits_for_the_county(serves, offices, bed_now, session):
    stay_id = bed_now(serves).stay_id
    offices.provider.does(discharge, stay_id, ended_on=TODAY, reason=EndReason.DIED)

    assert bed_now(serves).state is HomeBedState.PAUSED


def test_a_bed_that_ended_can_be_applied_for_again(way, offices, session, serves):
    offices.provider.does(serving.end, serves, reason=HomeBedEnd.OTHER)
    way._applied()

    assert way.bed_id != serves


def test_nobody_moves_into_the_bed_in_somebody_elses_home(offices, bed_now, session, serves):
    offices.provider.does(serving.end, serves, reason=HomeBedEnd.OTHER)
    bed = session.get(Bed, bed_now(serves).bed_id)
    bed.left_uncleaned_at = None
    stranger = make_resident(session)
    session.flush()

    with pytest.raises(BedTaken):
        admit(session, bed_id=bed.id, resident_id=stranger.id, admitted_on=TODAY)


def let_know(session, resident, bed):
    """The home was shown the papers."""
    session.execute(
        text(
            "INSERT INTO care_link (resident_id, site_id, starts_on, ends_on)"
            " VALUES (:one, :site, :today, :later)"
        ),
        {"one": resident.id, "site": bed.site_id, "today": TODAY,
         "later": TODAY + timedelta(days=1)},
    )  # fmt: skip
    session.commit()

"""What happens around a bed at home: a hospital, a consent taken back, somebody else's home."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.errors import NotAllowed
from server.facilities.errors import BedTaken
from server.facilities.models import BedKind, EndReason
from server.facilities.referrals.answering import accept
from server.facilities.referrals.models import ReferralReason, RequestedBy
from server.facilities.referrals.requesting import request_referral
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.homecare.beds import preparing, serving
from server.homecare.beds.sweeping import end_home_beds_due
from server.homecare.errors import NeedsMissing, OwnBuilding
from server.homecare.models import HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.visits.models import VisitState
from server.identity.models import Role, StaffRole
from server.residents.consents.service import withdraw_at_window
from tests.cities import VILLAGE
from tests.factories.consents import make_consent
from tests.factories.facilities import make_bed
from tests.factories.home_beds import Office
from tests.factories.homecare import make_visit, make_worker
from tests.factories.people import LONG_AGO, make_resident

TODAY = clock.today()
HOME_STAY = text(
    "SELECT state FROM bed_occupancy WHERE resident_id = :one"
    " AND kind = 'home_care' AND superseded_at IS NULL AND ends_on IS NULL"
)


@pytest.fixture
def serves(way):
    return way.to("serving")


@pytest.fixture
def visit(session, serves, bed_now):
    bed = bed_now(serves)
    worker = make_worker(session, bed)
    return make_visit(session, bed, worker, on=TODAY + timedelta(days=3))


@pytest.fixture
def home_stay(session, resident):
    def look():
        session.expire_all()
        return session.execute(HOME_STAY, {"one": resident.id}).scalars().all()

    return look


class TestHospital:
    @pytest.fixture
    def ward(self, session):
        bed = make_bed(session, kind=BedKind.MEDICAL)
        session.commit()
        return bed

    def lie_in(self, session, ward, resident):
        return admit(session, bed_id=ward.id, resident_id=resident.id, admitted_on=TODAY)

    def test_lets_in_without_a_referral_and_the_bed_at_home_waits(
        self, session, serves, ward, resident, bed_now, home_stay
    ):
        self.lie_in(session, ward, resident)

        bed = bed_now(serves)
        assert (bed.state, bed.pause_reason) == (HomeBedState.PAUSED, HomeBedPause.IN_HOSPITAL)
        assert home_stay() == ["in_hospital"]

    def test_whoever_comes_home_is_served_again_in_the_same_stay(
        self, session, serves, ward, resident, bed_now, home_stay
    ):
        at_home = bed_now(serves).stay_id
        stay = self.lie_in(session, ward, resident)
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        bed = bed_now(serves)
        assert (bed.state, bed.stay_id) == (HomeBedState.SERVING, at_home)
        assert home_stay() == ["occupied"]

    def test_nobody_is_sent_meanwhile_and_whoever_was_comes_again(
        self, session, serves, visit, ward, resident
    ):
        stay = self.lie_in(session, ward, resident)
        session.refresh(visit)
        assert visit.state is VisitState.CANCELLED

        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)
        session.refresh(visit)
        assert (visit.state, visit.cancel_reason) == (VisitState.PLANNED, "")

    def test_who_moves_into_a_house_from_there_has_left(
        self, session, serves, ward, resident, bed_now, home_stay
    ):
        stay = self.lie_in(session, ward, resident)
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.OTHER_HOME)
        house = make_bed(session)
        admit(session, bed_id=house.id, resident_id=resident.id, admitted_on=TODAY)

        assert bed_now(serves).pause_reason is HomeBedPause.IN_A_HOME
        assert home_stay() == []

    def test_the_provider_goes_on_by_hand(
        self, session, serves, ward, resident, offices, bed_now, home_stay
    ):
        stay = self.lie_in(session, ward, resident)
        session.commit()
        with pytest.raises(NeedsMissing):
            offices.provider.does(serving.resume, serves)
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.OTHER)
        session.commit()

        offices.provider.does(serving.resume, serves)
        assert home_stay() == ["occupied"]


class TestConsent:
    @pytest.fixture
    def consent(self, session, resident):
        made = make_consent(session, "home_care", resident=resident)
        session.commit()
        return made

    def withdraw(self, offices, resident, consent):
        offices.community.does(withdraw_at_window, resident.id, consent.id)

    def test_taken_back_the_bed_pauses_and_nobody_comes(
        self, session, serves, visit, offices, resident, consent, bed_now
    ):
        self.withdraw(offices, resident, consent)

        bed = bed_now(serves)
        assert (bed.state, bed.pause_reason) == (HomeBedState.PAUSED, HomeBedPause.NO_CONSENT)
        assert visit.state is VisitState.CANCELLED
        with pytest.raises(NeedsMissing, match="needs-missing") as refused:
            offices.provider.does(serving.resume, serves)
        assert refused.value.facts["needs"] == ["consent_stands"]

    def test_given_again_it_goes_on(self, session, serves, offices, resident, consent, bed_now):
        self.withdraw(offices, resident, consent)
        make_consent(session, "home_care", resident=resident)
        session.commit()

        offices.provider.does(serving.resume, serves)
        assert bed_now(serves).state is HomeBedState.SERVING

    def test_in_time_it_ends(self, session, serves, offices, resident, consent, bed_now):
        self.withdraw(offices, resident, consent)
        with time_machine.travel(clock.now() + timedelta(days=30)):
            assert end_home_beds_due(session) == 1

        assert bed_now(serves).end_reason is HomeBedEnd.WITHDRAWN

    def test_an_application_is_taken_back(self, way, offices, resident, consent, bed_now):
        applied = way.to("precheck")
        self.withdraw(offices, resident, consent)

        assert bed_now(applied).end_reason is HomeBedEnd.WITHDRAWN


def test_a_referral_into_somebody_elses_home_is_refused_when_it_is_answered(
    session, serves, site, bed_now
):
    stranger = make_resident(session)
    referral = request_referral(
        session,
        resident_id=stranger.id,
        from_stay_id=None,
        to_site_id=site.id,
        to_kind=BedKind.HOME_CARE,
        reason=ReferralReason.DAILY_CARE,
        basis="家人外出",
        requested_by=RequestedBy.STAFF,
    )

    with pytest.raises(BedTaken):
        accept(session, referral.id, bed_id=bed_now(serves).bed_id, planned_on=TODAY)


class TestAccepting:
    def test_the_provider_does_not_accept(self, way, offices):
        built = way.to("acceptance")

        with pytest.raises(NotAllowed):
            offices.provider.does(preparing.accept, built)

    def test_nor_its_people_by_another_office(self, session, way, offices):
        built = way.to("acceptance")
        both = Office(session, Role.COMMUNITY_WORKER, division_code=VILLAGE)
        own = {"site_id": offices.site.id, "starts_on": LONG_AGO}
        session.add(StaffRole(staff_id=both.staff.id, role=Role.CARE_WORKER, **own))
        session.commit()

        with pytest.raises(OwnBuilding):
            both.does(preparing.accept, built)

    def test_nor_an_office_of_another_place(self, session, way):
        built = way.to("acceptance")
        far = Office(session, Role.COUNTY_OFFICER, division_code="140521")
        session.commit()

        with pytest.raises(Exception, match=r"not-found|not-allowed"):
            far.does(preparing.accept, built)

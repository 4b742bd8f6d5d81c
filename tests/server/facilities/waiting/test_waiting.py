"""The waiting list: a fair order, an offer to the first, and a way out at any time."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.errors import FacilityNotOpen, HasABed
from server.facilities.models import BedKind, Stay, StayStatus
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.admitting import admit
from server.facilities.waiting.answering import accept_offer, decline_offer
from server.facilities.waiting.errors import (
    NoBedsOfThisKind,
    NoLongerWaiting,
    OfferOver,
    WaitsAlready,
)
from server.facilities.waiting.joining import apply, leave, remove
from server.facilities.waiting.models import OfferState, WaitingGround, WaitingState
from server.facilities.waiting.offering import lapse_offers, make_offers
from server.facilities.waiting.queries import find_open_offer, get_application
from server.providers.models import OpeningState
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from server.residents.models import GrantKind, HardshipTier
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_hardship, make_resident

TODAY = clock.today()


@pytest.fixture
def bed(session):
    """The only bed of a home, and free."""
    return make_bed(session)


@pytest.fixture
def wang(session):
    return make_resident(session)


@pytest.fixture
def li(session):
    return make_resident(session)


def wait(session, resident, bed, *, kind=BedKind.INSTITUTION):
    return apply(
        session,
        resident_id=resident.id,
        site_id=bed.site_id,
        kind=kind,
        asked_by=RequestedBy.SELF,
    )


def offer_to(session, entry):
    return find_open_offer(session, entry.id)


def place(session, entry):
    row = get_application(session, entry.id)
    return row.place, row.ahead_by_ground


def hours_later(hours):
    return time_machine.travel(clock.now() + timedelta(hours=hours))


class TestAnApplication:
    def test_is_one_a_home_and_kind(self, session, wang, bed):
        wait(session, wang, bed)

        with pytest.raises(WaitsAlready):
            wait(session, wang, bed)

    def test_goes_to_a_home_that_has_such_beds(self, session, wang, bed):
        with pytest.raises(NoBedsOfThisKind):
            wait(session, wang, bed, kind=BedKind.HOSPICE)

    def test_goes_to_a_home_that_is_open(self, session, wang):
        bed = make_bed(session, site=make_site(session, opening_state=OpeningState.SUSPENDED))

        with pytest.raises(FacilityNotOpen):
            wait(session, wang, bed)

    def test_of_somebody_who_lives_there_is_none(self, session, wang, bed):
        admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)

        with pytest.raises(HasABed):
            wait(session, wang, bed)

    def test_lets_the_home_know_who_waits_until_the_end(self, session, wang, bed):
        entry = wait(session, wang, bed)
        link = text("SELECT ends_on FROM care_link WHERE resident_id = :id")
        assert session.execute(link, {"id": wang.id}).scalar_one() > date(2100, 1, 1)

        leave(session, entry.id)

        tomorrow = TODAY + timedelta(days=1)
        assert session.execute(link, {"id": wang.id}).scalar_one() == tomorrow


class TestTheOrder:
    def test_is_the_order_of_applications(self, session, wang, li, bed):
        first, second = wait(session, wang, bed), wait(session, li, bed)

        assert (place(session, first), place(session, second)) == ((1, 0), (2, 0))

    @pytest.mark.parametrize("tier", [HardshipTier.TEKUN, HardshipTier.TEKUN_IN_CARE])
    def test_puts_those_in_tekun_before_it_and_says_so(self, session, wang, li, bed, tier):
        make_hardship(session, li, tier=tier)
        first, second = wait(session, wang, bed), wait(session, li, bed)

        assert second.ground is WaitingGround.TEKUN
        assert (place(session, second), place(session, first)) == ((1, 0), (2, 1))

    def test_lets_other_hardship_wait_its_turn(self, session, wang, li, bed):
        make_hardship(session, li, tier=HardshipTier.DIBAO)
        wait(session, wang, bed)

        assert place(session, wait(session, li, bed)) == (2, 0)

    def test_of_another_home_counts_for_itself(self, session, wang, li, bed):
        wait(session, wang, bed)

        assert place(session, wait(session, li, make_bed(session))) == (1, 0)


class TestAnOffer:
    def test_goes_to_the_first_and_to_nobody_else(self, session, wang, li, bed):
        first, second = wait(session, wang, bed), wait(session, li, bed)

        assert make_offers(session) == 1
        assert offer_to(session, first).bed_id == bed.id
        assert offer_to(session, second) is None

    def test_is_made_once(self, session, wang, bed):
        wait(session, wang, bed)

        assert (make_offers(session), make_offers(session)) == (1, 0)

    def test_waits_for_a_free_and_cleaned_bed(self, session, wang, li, bed):
        admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)
        uncleaned = make_bed(session, site=None)
        uncleaned.left_uncleaned_at = clock.now()
        session.flush()
        wait(session, wang, bed)
        wait(session, wang, uncleaned)

        assert make_offers(session) == 0

    def test_is_told_to_the_phones_that_may_answer(self, session, wang, bed):
        make_account(session, wang)
        make_account(session, wang, kind=GrantKind.HELPER)
        wait(session, wang, bed)

        make_offers(session)

        told = "SELECT count(*) FROM message WHERE kind = 'facilities.bed_offered'"
        assert session.execute(text(told)).scalar_one() == 1

    def test_taken_holds_the_bed(self, session, wang, bed):
        entry = wait(session, wang, bed)
        make_offers(session)

        offer = accept_offer(session, offer_to(session, entry).id, planned_on=TODAY)

        assert (offer.state, entry.state) == (OfferState.ACCEPTED, WaitingState.ACCEPTED)
        assert session.get(Stay, offer.stay_id).status is StayStatus.HELD

    def test_declined_goes_to_the_next_and_keeps_the_place(self, session, wang, li, bed):
        first, second = wait(session, wang, bed), wait(session, li, bed)
        make_offers(session)

        decline_offer(session, offer_to(session, first).id)
        make_offers(session)

        assert offer_to(session, first) is None
        assert offer_to(session, second).bed_id == bed.id
        assert place(session, first) == (1, 0)

    def test_lapses_after_two_days_and_goes_to_the_next(self, session, wang, li, bed):
        first, second = wait(session, wang, bed), wait(session, li, bed)
        make_offers(session)
        offer = offer_to(session, first)

        assert lapse_offers(session) == 0
        with hours_later(49):
            assert (lapse_offers(session), lapse_offers(session)) == (1, 0)
            make_offers(session)
            with pytest.raises(OfferOver):
                accept_offer(session, offer.id, planned_on=clock.today())

        session.expire_all()
        assert first.state is WaitingState.WAITING
        assert offer_to(session, second) is not None

    def test_comes_again_after_a_pause(self, session, wang, bed):
        entry = wait(session, wang, bed)
        make_offers(session)
        decline_offer(session, offer_to(session, entry).id)

        assert make_offers(session) == 0
        with hours_later(73):
            assert make_offers(session) == 1

    def test_is_over_when_the_bed_was_given_away(self, session, wang, li, bed):
        entry = wait(session, wang, bed)
        make_offers(session)
        offer = offer_to(session, entry)
        admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)

        with pytest.raises(OfferOver):
            accept_offer(session, offer.id, planned_on=TODAY)
        assert lapse_offers(session) == 1
        session.expire_all()
        assert (offer.state, entry.state) == (OfferState.WITHDRAWN, WaitingState.WAITING)


class TestTheWayOut:
    def test_is_open_at_any_time_and_twice(self, session, wang, li, bed):
        first, second = wait(session, wang, bed), wait(session, li, bed)
        make_offers(session)

        assert leave(session, first.id).state is WaitingState.LEFT
        assert leave(session, first.id).state is WaitingState.LEFT
        assert make_offers(session) == 1
        assert offer_to(session, second) is not None

    def test_by_the_home_needs_a_reason(self, session, wang, bed):
        entry = remove(session, wait(session, wang, bed).id, reason="已住进别的机构")

        assert (entry.state, entry.end_reason) == (WaitingState.REMOVED, "已住进别的机构")
        with pytest.raises(NoLongerWaiting):
            leave(session, entry.id)

    def test_by_death_is_taken_back_with_the_report(self, session, wang, li, bed):
        first, second = wait(session, wang, bed), wait(session, li, bed)
        make_offers(session)
        yesterday = TODAY - timedelta(days=1)

        report_departure(
            session, resident_id=wang.id, kind=DepartureKind.DIED, happened_on=yesterday
        )
        report = session.execute(text("SELECT max(id) FROM departure")).scalar_one()

        session.expire_all()
        assert first.state is WaitingState.LEFT
        assert place(session, second) == (1, 0)
        reverse_departure(session, report, reason="弄错了人")
        session.expire_all()
        assert (first.state, place(session, first)) == (WaitingState.WAITING, (1, 0))

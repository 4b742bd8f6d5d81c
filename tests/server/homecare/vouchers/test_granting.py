"""Entitlements are asked for, decided, issued month by month, and end with whoever is gone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.events import StayBegan, StayEnded
from server.facilities.models import BedKind, EndReason
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders.departures import follow_admission, follow_discharge
from server.homecare.vouchers.errors import (
    EntitlementNeedsMissing,
    EntitlementNotSo,
    HasEntitlement,
)
from server.homecare.vouchers.granting import ask_for, grant, refuse, stop
from server.homecare.vouchers.issuing import issue_allowances
from server.homecare.vouchers.models import EntitlementEnd, EntitlementState, Programme
from server.residents.assessments.models import AbilityLevel
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.assessments import give_level
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.orders import make_entitlement, make_order, this_month
from tests.factories.people import make_hardship, make_resident

TODAY = clock.today()


@pytest.fixture
def elder(session):
    """86 years old, and in need of much help."""
    resident = make_resident(session, name="李秀英")
    give_level(session, resident, AbilityLevel.SEVERE)
    return resident


def ask(session, elder, programme=Programme.VOUCHER):
    return ask_for(
        session, resident_id=elder.id, programme=programme, requested_by=RequestedBy.SELF
    )


def amounts(session):
    return session.execute(
        text("SELECT programme, amount_fen FROM care_allowance ORDER BY programme")
    ).all()


def test_a_voucher_holds_from_the_month_of_the_application(session, elder):
    granted = grant(session, ask(session, elder).id)

    assert (granted.state, granted.starts_on) == (EntitlementState.GRANTED, this_month())
    assert amounts(session) == [("voucher", 80_000)]


def test_bought_service_holds_from_the_next_month(session, elder):
    make_hardship(session, elder)

    granted = grant(session, ask(session, elder, Programme.PURCHASED).id)

    assert granted.starts_on > TODAY
    assert issue_allowances(session) == 0


def test_all_that_is_missing_is_named(session):
    healthy = make_resident(session)
    make_hardship(session, healthy, tier="tekun")

    with pytest.raises(EntitlementNeedsMissing) as refused:
        ask(session, healthy)
    assert refused.value.facts["needs"] == ["level_moderate", "not_tekun"]


def test_it_is_asked_for_once(session, elder):
    ask(session, elder)

    with pytest.raises(HasEntitlement):
        ask(session, elder)


def test_a_refusal_is_final_and_leaves_the_way_open_to_ask_again(session, elder):
    asked = ask(session, elder)
    refuse(session, asked.id, reason="材料不全")

    with pytest.raises(EntitlementNotSo):
        grant(session, asked.id)
    assert ask(session, elder).id != asked.id


def test_issuing_twice_issues_once(session, elder):
    make_entitlement(session, elder)

    assert (issue_allowances(session), issue_allowances(session)) == (1, 0)


def test_who_meets_the_needs_no_more_gets_nothing_new(session, elder):
    make_entitlement(session, elder)
    make_hardship(session, elder, tier="tekun")

    assert issue_allowances(session) == 0


def test_whoever_gives_it_up_keeps_this_month(session, elder):
    granted = grant(session, ask(session, elder).id)
    stop(session, granted.id, reason=EntitlementEnd.WITHDRAWN)

    assert amounts(session) == [("voucher", 80_000)]
    assert ask(session, elder).state is EntitlementState.APPLIED


def test_issuing_costs_as_many_statements_for_many_as_for_one(session, elder, statements):
    make_entitlement(session, elder)
    with statements() as one:
        issue_allowances(session)
    for _ in range(8):
        make_entitlement(session, make_resident(session))

    with statements() as many:
        issue_allowances(session)
    assert len(many) == len(one)


class TestWhoIsGone:
    @pytest.fixture
    def ordered(self, session, elder):
        site = make_provider(session)
        make_entitlement(session, elder)
        return make_order(session, elder, site, starts_at=clock.now() + timedelta(days=2))

    def states(self, session):
        both = "SELECT state FROM care_entitlement UNION ALL SELECT state FROM care_order"
        return list(session.execute(text(both)).scalars())

    def test_a_death_ends_both_and_a_mistake_brings_the_entitlement_back(
        self, session, elder, ordered
    ):
        report_departure(session, resident_id=elder.id, kind=DepartureKind.DIED, happened_on=TODAY)
        assert self.states(session) == ["ended", "cancelled"]

        [departure] = session.execute(text("SELECT id FROM departure")).scalars()
        reverse_departure(session, departure, reason="报错了人")
        assert self.states(session) == ["granted", "cancelled"]

    def test_an_admission_lets_it_rest_and_a_discharge_go_on(self, session, elder, ordered):
        of = {"stay_id": 1, "resident_id": elder.id, "site_id": 1, "kind": BedKind.INSTITUTION}
        follow_admission(session, StayBegan(**of, bed_id=1, on=TODAY))
        assert self.states(session) == ["suspended", "cancelled"]

        follow_discharge(session, StayEnded(**of, reason=EndReason.WENT_HOME, on=TODAY))
        assert self.states(session)[0] == "granted"

    def test_a_bed_at_home_is_no_house(self, session, elder, ordered):
        make_home_bed(session, elder, make_provider(session))
        of = {"stay_id": 1, "resident_id": elder.id, "site_id": 1, "kind": BedKind.HOME_CARE}
        follow_admission(session, StayBegan(**of, bed_id=1, on=TODAY))

        assert self.states(session) == ["granted", "ordered"]

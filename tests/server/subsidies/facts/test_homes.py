"""Beds at home, meals, vouchers, bought service and renovations, month by month."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.referrals.models import RequestedBy
from server.homecare.beds.models import HomeBedAcceptance, HomeBedAgreement, HomeBedBuild
from server.homecare.renovations.models import Renovation, RenovationState
from server.homecare.visits.models import CareVisit, VisitState
from server.homecare.vouchers.models import Programme
from server.identity.models import Role
from server.meals.counter.models import MealCollection
from server.meals.models import Meal
from server.meals.settlement.service import draw_up
from server.residents.assessments.models import AbilityLevel
from server.residents.models import HardshipTier
from server.subsidies.facts.evidence import list_beneath
from server.subsidies.models import SubsidyFact
from tests.factories.assessments import give_level
from tests.factories.eaten import Kitchen
from tests.factories.homecare import make_home_bed, make_proof, make_provider
from tests.factories.orders import make_allowance, make_order
from tests.factories.people import make_hardship, make_resident, make_staff
from tests.factories.subsidy_facts import FEBRUARY, JANUARY, facts_of, make_home_month


def put(session, row):
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def bed(session):
    return make_home_bed(session, make_resident(session), make_provider(session))


def months(first, number):
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
            for n in range(number)]  # fmt: skip


def built(session, bed, **given):
    values = {
        "cost_fen": 320_000,
        "invoice_ref": f"发票{bed.id:08d}",
        "installed_on": date(2025, 6, 1),
        "inventory": "呼叫器1个",
        "recorded_at": clock.now(),
    }
    build = HomeBedBuild(home_bed_id=bed.id, resident_id=bed.resident_id, **values | given)
    return put(session, build)


def accepted(session, bed, *, places=(1, 2)):
    for place in places:
        put(session, HomeBedAcceptance(
            home_bed_id=bed.id, resident_id=bed.resident_id, place=place,
            staff_id=make_staff(session, Role.COUNTY_OFFICER, division_code="140502").id,
            accepted_at=datetime(2025, 6, 5, 10, tzinfo=clock.CITY),
        ))  # fmt: skip


def test_a_closed_month_at_a_bed_at_home(session, bed):
    for month in (date(2025, 10, 1), *months(date(2025, 12, 1), 2)):
        make_home_month(session, bed, month, minutes=1860, visits=31)
    put(session, HomeBedAgreement(
        home_bed_id=bed.id, resident_id=bed.resident_id, site_id=bed.site_id,
        starts_on=date(2025, 10, 1), ends_on=date(2026, 10, 1), monthly_fee_fen=180_000,
        own_pay_fen=60_000, signed_by="王秀英", signed_on=date(2025, 9, 30),
    ))  # fmt: skip

    [row] = facts_of(session, "home_bed_months")

    assert (row.site_id, row.subject, row.on_day) == (
        bed.site_id, f"home_bed:{bed.id}", date(2026, 1, 31),
    )  # fmt: skip
    named = ("minutes", "visits", "nursing_visits", "satisfied_percent", "agreement_months",
             "months_served")  # fmt: skip
    assert [row.facts[name] for name in named] == [1860, 31, 2, 90, 12, 2]
    assert row.facts["site_kind"] == "home_care_provider"


def test_of_two_providers_the_one_that_served_most(session, bed):
    make_home_month(session, bed, JANUARY, minutes=600)
    first, bed.site_id = bed.site_id, make_provider(session).id
    session.flush()
    make_home_month(session, bed, JANUARY, minutes=1200, rated=0, satisfied=0)

    [row] = facts_of(session, "home_bed_months")

    assert row.site_id == bed.site_id != first
    assert (row.facts["satisfied_percent"], row.facts["agreement_months"]) == (None, None)


def test_a_build_is_due_after_one_six_and_twelve_months_of_service(session, bed):
    built(session, bed)
    accepted(session, bed)
    served = [*months(date(2025, 6, 1), 3), *months(date(2025, 10, 1), 8)]
    for month in served:
        make_home_month(session, bed, month)

    rows = facts_of(session, "home_bed_builds", date(2025, 1, 1), date(2027, 1, 1))

    found = [
        (row.month, row.part, row.facts["instalment"], row.facts["months_served"]) for row in rows
    ]
    assert found == [(date(2025, 6, 1), 1, 1, 1), (date(2026, 3, 1), 2, 2, 6)]
    facts = rows[0].facts
    named = ("is_accepted", "cost_fen", "is_after_renovation")
    assert [facts[name] for name in named] == [True, 320_000, False]


def test_a_build_that_one_person_accepted_or_no_grant_is_asked_for(session, bed):
    built(session, bed)
    accepted(session, bed, places=(1,))
    make_home_month(session, bed, JANUARY)
    other = make_home_bed(session, make_resident(session), make_provider(session))
    built(session, other, asks_grant=False)
    make_home_month(session, other, JANUARY)

    [row] = facts_of(session, "home_bed_builds")

    assert (row.resident_id, row.facts["is_accepted"]) == (bed.resident_id, False)


def settled(session, kitchen):
    draw_up(session, [kitchen.site_id], kitchen.month)
    for stage in ("confirmed", "accepted"):
        moved = f"UPDATE meal_settlement SET stage = '{stage}', {stage}_at = :now"
        session.execute(
            text(f"{moved} WHERE site_id = :site"), {"now": clock.now(), "site": kitchen.site_id}
        )


@pytest.fixture
def kitchen(session):
    return Kitchen(session)


def test_a_months_meals_of_an_accepted_settlement(session, kitchen):
    eater = make_resident(session, born_on=date(1940, 1, 1))
    make_hardship(session, eater, HardshipTier.DIBAO)
    last = kitchen.eaten(eater, on=kitchen.day(9), subsidy=500)
    kitchen.eaten(eater, on=kitchen.day(9), meal=Meal.DINNER, subsidy=200)
    kitchen.eaten(eater, on=kitchen.day(3), subsidy=300)
    settled(session, kitchen)

    [row] = facts_of(session, "meals_eaten", kitchen.month)

    assert (row.resident_id, row.site_id, row.part) == (eater.id, kitchen.site_id, kitchen.site_id)
    assert row.on_day == last.service_on
    assert row.subject.startswith("meal_settlement:")
    assert row.facts == {
        "age": kitchen.month.year - 1940, "hardship_tier": "dibao", "meals": 3,
        "advanced_fen": 1000,
    }  # fmt: skip
    [canteen] = facts_of(session, "canteen_months", kitchen.month)
    assert (canteen.facts["meals"], canteen.facts["person_days"]) == (3, 2)
    assert canteen.facts["site_kind"] == "canteen"


def test_a_month_that_the_county_did_not_accept_gives_nothing(session, kitchen):
    kitchen.eaten()
    draw_up(session, [kitchen.site_id], kitchen.month)

    assert facts_of(session, "meals_eaten", kitchen.month) == []
    assert facts_of(session, "canteen_months", kitchen.month) == []


def redeemed(session, resident, site, *, day, minutes=60, **parts):
    worker = make_staff(session, Role.CARE_WORKER, site_id=site.id)
    begins = datetime.combine(day, time(9), clock.CITY)
    visit = put(session, CareVisit(
        resident_id=resident.id, site_id=site.id, worker_id=worker.id, service_on=day,
        starts_at=begins, minutes=60, services=["bathing"], state=VisitState.DONE,
    ))  # fmt: skip
    make_proof(session, visit, minutes=minutes, confirmed_by="tap", confirmed_at=begins)
    order = make_order(session, resident, site, starts_at=begins, visit_id=visit.id, **parts)
    order.state, order.closed_at = "redeemed", begins
    session.flush()
    return order


def test_orders_redeemed_from_a_voucher(session):
    wang, site = make_resident(session), make_provider(session)
    give_level(session, wang, AbilityLevel.SEVERE, starts_on=date(2026, 1, 1))
    voucher = make_allowance(session, wang, month=JANUARY)
    for day, fen in ((date(2026, 1, 5), 4000), (date(2026, 1, 31), 2000)):
        redeemed(
            session, wang, site, day=day, bill_fen=8000, voucher_fen=fen, voucher_id=voucher.id
        )
    make_order(session, wang, site, starts_at=datetime(2026, 1, 20, 9, tzinfo=clock.CITY),
               voucher_fen=1000, voucher_id=voucher.id)  # fmt: skip

    [row] = facts_of(session, "vouchers")

    assert (row.part, row.on_day, row.subject) == (
        site.id, date(2026, 1, 31), f"care_allowance:{voucher.id}",
    )  # fmt: skip
    assert row.facts == {
        "age": 81, "ability_level": "severe", "hardship_tier": "none", "place": "home",
        "fee_fen": 16000, "redeemed_fen": 6000,
    }  # fmt: skip
    assert facts_of(session, "bought_service") == []


def test_bought_service_counts_minutes_of_the_proof_up_to_those_ordered(session):
    wang, site = make_resident(session), make_provider(session)
    bought = make_allowance(session, wang, Programme.PURCHASED, month=FEBRUARY)
    for day, minutes in ((3, 90), (4, 45)):
        redeemed(session, wang, site, day=date(2026, 2, day), minutes=minutes, bill_fen=5000,
                 purchased_fen=5000, purchased_id=bought.id)  # fmt: skip

    [row] = facts_of(session, "bought_service", FEBRUARY)

    named = ("visits", "minutes", "redeemed_fen")
    assert [row.facts[name] for name in named] == [2, 105, 10000]
    assert facts_of(session, "vouchers", FEBRUARY) == []


def test_a_renovation_in_the_month_in_which_it_was_settled(session):
    wang, site = make_resident(session), make_provider(session)
    done = put(session, Renovation(
        resident_id=wang.id, site_id=site.id, state=RenovationState.SETTLED,
        since=date(2026, 2, 28), requested_by=RequestedBy.SELF, applied_at=clock.now(),
        address="建设路", home_key="建设路",
        held_until=date(2031, 2, 28), tier=HardshipTier.DIBIAN, cost_fen=500_000, grant_fen=300_000,
        own_pay_fen=200_000, settled_on=date(2026, 2, 28),
    ))  # fmt: skip

    [row] = facts_of(session, "renovations", FEBRUARY)

    assert (row.month, row.on_day, row.subject) == (
        FEBRUARY, date(2026, 2, 28), f"renovation:{done.id}",
    )  # fmt: skip
    assert row.facts == {
        "age": 81, "hardship_tier": "dibian", "cost_fen": 500_000, "granted_fen": 300_000,
    }  # fmt: skip
    assert facts_of(session, "renovations", JANUARY) == []


def test_beneath_a_month_of_meals_lie_the_meals_with_their_collection(session, kitchen):
    eater = make_resident(session, born_on=date(1940, 1, 1))
    meal = kitchen.eaten(eater, on=kitchen.day(2), subsidy=300)
    taken = put(session, MealCollection(
        client_key="device-key-1", booking_id=meal.id, how="qr", device_at=clock.now(),
        received_at=clock.now(),
    ))  # fmt: skip
    kitchen.eaten(on=kitchen.day(2))
    settled(session, kitchen)
    [row] = [
        one for one in facts_of(session, "meals_eaten", kitchen.month)
        if one.resident_id == eater.id
    ]  # fmt: skip

    [found] = list_beneath(
        session, "meals_eaten", SubsidyFact(run_id=0, number=1, **row._mapping)
    ).rows

    assert (found.kind, found.key, found.on_day) == ("booking", meal.id, meal.service_on)
    assert (found.told["subsidy_fen"], found.told["how"]) == (300, "qr")
    assert found.told["collection"] == taken.id

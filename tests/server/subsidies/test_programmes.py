"""Every programme of the reference pack, from people in the registers to a line in sentences.

What the registers say is gathered by the database's own functions, reckoned by the pack as it
ships, told with its clauses, and derived anew in plain Python to the fen.
"""

from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import true, update

from infra.bench.year_claims import claim_for_all
from server import clock
from server.caregivers.allowances.models import ClaimState as AllowanceState
from server.caregivers.training.models import (
    CourseKind,
    Enrolment,
    EnrolmentState,
    ExamResult,
    TrainingSubsidy,
)
from server.db.tables import table_of
from server.facilities.models import BedKind, BedLicence
from server.facilities.referrals.models import RequestedBy
from server.homecare.beds.models import HomeBedAgreement
from server.homecare.renovations.models import Renovation, RenovationState
from server.identity.models import Role
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import enter_proposal, put_in_force
from server.providers.models import Provider, Site, SiteStar
from server.residents.assessments.models import AbilityLevel
from server.residents.models import HardshipTier
from server.subsidies.models import Outcome
from server.subsidies.reckoning import service
from server.subsidies.reckoning.explaining import explain
from server.subsidies.reckoning.lines import LineWanted, case_of, get_line, list_lines
from server.subsidies.reckoning.recomputing import recompute
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.allowances import IN_JULY, make_claim, make_complete, reckoned
from tests.factories.assessments import give_level
from tests.factories.caregivers import make_caregiver
from tests.factories.eaten import Kitchen
from tests.factories.facilities import make_bed
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.meals import make_site
from tests.factories.orders import make_allowance
from tests.factories.people import make_hardship, make_resident, make_staff
from tests.factories.reckoning import reckon_all
from tests.factories.subsidy_facts import JANUARY, make_home_month, make_stay
from tests.factories.training import make_course, make_session
from tests.server.subsidies.facts.test_homes import accepted, built, redeemed, settled

LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2030, 1, 1)
ON_THE_WHOLE = true()


@pytest.fixture(autouse=True)
def reference(session):
    """The whole pack is in force, by two people."""
    maker, other = (
        make_staff(session, role, division_code="1405").id
        for role in (Role.CITY_OFFICER, Role.APPROVER)
    )
    pack = enter_proposal(session, read_shipped("reference"), starts_on=LONG_AGO, proposed_by=maker)
    put_in_force(session, pack, decided_by=other)


def put(session, row):
    session.add(row)
    session.flush()
    return row


def honest(session, site):
    """The site belongs to somebody of good credit, and has three stars."""
    provider = put(session, Provider(name=f"德善{site.id}", credit_status="good"))
    table = table_of(Site)
    session.execute(update(table).where(table.c.id == site.id).values(provider_id=provider.id))
    put(session, SiteStar(site_id=site.id, stars=3, starts_on=LONG_AGO, ends_on=FAR_OFF))
    return site


def elder(session, level=AbilityLevel.SEVERE):
    one = make_resident(session)
    give_level(session, one, level, starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1))
    return one


def a_bed(session):
    site = honest(session, make_site(session))
    make_stay(session, elder(session), make_bed(session, site=site))
    return JANUARY, [30_000]


def beds_built(session):
    site = honest(session, make_site(session))
    put(session, BedLicence(site_id=site.id, kind=BedKind.INSTITUTION, licensed=50, nursing=10,
                            starts_on=date(2026, 1, 5)))  # fmt: skip
    return JANUARY, [10 * 800_000]


def beds_converted(session):
    """No register knows of conversions: what is not known is not paid."""
    beds_built(session)
    return JANUARY, [0]


def served(session, one):
    """A month of service at somebody's bed at home, as the programme asks."""
    bed = make_home_bed(session, one, honest(session, make_provider(session)))
    make_home_month(session, bed, JANUARY, minutes=1860, visits=31)
    put(session, HomeBedAgreement(
        home_bed_id=bed.id, resident_id=one.id, site_id=bed.site_id, signed_by="王秀英",
        starts_on=date(2025, 10, 1), ends_on=date(2026, 10, 1), monthly_fee_fen=180_000,
        own_pay_fen=60_000, signed_on=date(2025, 9, 30),
    ))  # fmt: skip
    return bed


def a_home_bed(session):
    served(session, elder(session))
    return JANUARY, [5_000]


def a_home_bed_built(session):
    bed = make_home_bed(session, elder(session), honest(session, make_provider(session)))
    built(session, bed, cost_fen=320_000)
    accepted(session, bed)
    make_home_month(session, bed, JANUARY)
    return JANUARY, [300_000 * 70 // 100]


def meals(session):
    kitchen, eater = Kitchen(session), make_resident(session, born_on=date(1940, 1, 1))
    make_hardship(session, eater, HardshipTier.DIBAO)
    for number in (3, 9):
        kitchen.eaten(eater, on=kitchen.day(number), subsidy=500)
    settled(session, kitchen)
    return kitchen.month, [2 * 500]


def a_canteen(session):
    kitchen = Kitchen(session)
    honest(session, session.get_one(Site, kitchen.site_id))
    kitchen.eaten(on=kitchen.day(3))
    kitchen.eaten(on=kitchen.day(9))
    settled(session, kitchen)
    return kitchen.month, [2 * 300]


def spent(session, one):
    """Half of 80 yuan was redeemed from somebody's voucher."""
    site = make_provider(session)
    voucher = make_allowance(session, one, month=JANUARY)
    redeemed(session, one, site, day=date(2026, 1, 5), bill_fen=8000, voucher_fen=4000,
             voucher_id=voucher.id)  # fmt: skip


def a_voucher(session):
    spent(session, elder(session))
    return JANUARY, [4_000]


def a_renovation(session):
    wang, site = make_resident(session), make_provider(session)
    put(session, Renovation(
        resident_id=wang.id, site_id=site.id, state=RenovationState.SETTLED,
        since=date(2026, 1, 28), requested_by=RequestedBy.SELF, applied_at=clock.now(),
        address="建设路", home_key="建设路", held_until=date(2031, 1, 28),
        tier=HardshipTier.DIBIAN, cost_fen=500_000, grant_fen=300_000, own_pay_fen=200_000,
        settled_on=date(2026, 1, 28),
    ))  # fmt: skip
    return JANUARY, [300_000]


def a_reward(session):
    reckoned(session, make_complete(session), [])
    return date(2024, 7, 1), [50_000_00 * 30 // 100]


def a_month_in_post(session):
    reckoned(session, make_complete(session))
    return JANUARY, [50_000]


def a_training(session):
    course = make_course(session, kind=CourseKind.SKILL, level=4, has_exam=True, pass_mark=60)
    run = make_session(session, course, is_published=False)
    sun = make_caregiver(session)
    place = put(session, Enrolment(
        session_id=run.id, caregiver_id=sun.id, joined_at=clock.now(), name=sun.name,
        state=EnrolmentState.ENROLLED,
    ))  # fmt: skip
    one, other = (make_staff(session, "county_officer", division_code="140502") for _ in "12")
    put(session, ExamResult(
        enrolment_id=place.id, sat_on=clock.today(), score=80, is_passed=True, entered_by=one.id,
        entered_at=clock.now(), confirmed_by=other.id, confirmed_at=clock.now(),
    ))  # fmt: skip
    put(session, TrainingSubsidy(
        enrolment_id=place.id, session_id=run.id, caregiver_id=sun.id, division_code="140502",
        year=2026, scheme="per_trainee", amount_fen=200_000, reasons=[], basis={},
        frozen_at=clock.now(),
    ))  # fmt: skip
    return clock.day_of(run.ends_at).replace(day=1), [200_000]


NOW = datetime(2026, 11, 23, 10, tzinfo=clock.CITY)
WAYS = {
    "facility_operation": (a_bed, NOW),
    "facility_construction": (beds_built, NOW),
    "facility_conversion": (beds_converted, NOW),
    "home_bed_build": (a_home_bed_built, NOW),
    "home_bed_service": (a_home_bed, NOW),
    "meals": (meals, NOW),
    "canteen_operation": (a_canteen, NOW),
    "voucher": (a_voucher, NOW),
    "renovation": (a_renovation, NOW),
    "entry_reward": (a_reward, IN_JULY),
    "post_allowance": (a_month_in_post, IN_JULY),
    "training": (a_training, IN_JULY),
}


def ran(session, programme, month, division="1405", *, claimed=True):
    """Begin a run over what the registers say, and reckon it to its end.

    What has to be claimed is claimed by all of whom the registers speak.
    """
    if claimed and read_shipped("reference").programmes[programme].claimant:
        claim_for_all(session, programme, month, 1)
    wanted = service.Wanted(programme, month, 1, division)
    with time_machine.travel(max(clock.now(), datetime(2027, 1, 5, 10, tzinfo=clock.CITY))):
        return reckon_all(session, service.start_run(session, wanted))


def lines_of(session, run):
    return list_lines(session, run.id, ON_THE_WHOLE, LineWanted())


def test_every_programme_of_the_pack_is_tried():
    assert set(WAYS) == set(read_shipped("reference").programmes)


@pytest.mark.parametrize("programme", sorted(WAYS))
def test_from_the_registers_to_a_line_that_is_told_and_derived_anew(session, programme):
    make, at = WAYS[programme]
    with time_machine.travel(at, tick=False):
        month, fen = make(session)
    run = ran(session, programme, month)

    assert [line.amount_fen for line in lines_of(session, run)] == fen
    verdict = recompute(session, run)
    assert verdict.holds, verdict
    assert verdict.total_fen == run.total_fen == sum(fen)
    line = get_line(session, run.id, 1, ON_THE_WHOLE)
    told = [one.whole for one in explain(case_of(session, line))]
    assert len(told) >= 3
    assert not [one for one in told if "{" in one]


@pytest.mark.parametrize(
    ("first", "second"), [("home_bed_service", "voucher"), ("voucher", "home_bed_service")]
)
def test_one_month_is_not_paid_by_two_programmes_that_exclude_each_other(session, first, second):
    one, other = elder(session), elder(session)
    for person in (one, other):
        spent(session, person)
    served(session, one)

    paid, then = ran(session, first, JANUARY), ran(session, second, JANUARY)

    due = {line.resident_id for line in lines_of(session, paid) if line.outcome is Outcome.DUE}
    assert one.id in due
    [refused] = [line for line in lines_of(session, then) if line.resident_id == one.id]
    reason = f"excludes.{first}"
    assert (refused.amount_fen, refused.trace["reasons"]) == (0, [reason])
    assert recompute(session, then).holds


def test_a_family_pays_a_month_once_whatever_run_comes_to_it(session):
    a_bed(session)
    first = ran(session, "facility_operation", JANUARY, "140502")
    assert first.total_fen == 30_000
    session.execute(update(table_of(Site)).values(division_code=OTHER_COUNTY_VILLAGE))

    second = ran(session, "facility_operation", JANUARY, OTHER_COUNTY_VILLAGE[:6])

    [line] = lines_of(session, second)
    assert (line.amount_fen, line.trace["reasons"]) == (0, ["excludes.facility_operation"])


@pytest.mark.parametrize("state", list(AllowanceState))
def test_what_a_site_claims_for_its_caregiver_need_not_be_claimed_again(session, state):
    with time_machine.travel(IN_JULY, tick=False):
        claim = make_claim(session, make_complete(session))
        claim.state, claim.decided_at = state, clock.now()
        claim.words = "材料不齐"
        session.flush()

    run = ran(session, "entry_reward", date(2024, 7, 1), claimed=False)

    assert run.facts == (1 if state is AllowanceState.ACCEPTED else 0)

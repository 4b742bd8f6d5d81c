"""Months in a bed, day by day: who is where, for how long, and what is known of them then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from server import clock
from server.db.tables import table_of
from server.facilities.models import BedKind, BedLicence, BedState
from server.providers.models import OpeningState, Provider, SiteOpening, SiteStar
from server.residents.assessments.models import AbilityLevel
from server.residents.facts.models import Hukou, HukouKind, PayeeAccount
from server.residents.models import HardshipTier, Resident
from tests.cities import VILLAGE
from tests.factories.assessments import give_level
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_hardship, make_resident
from tests.factories.subsidy_facts import FEBRUARY, JANUARY, facts_of, make_stay


@pytest.fixture
def wang(session):
    return make_resident(session, born_on=date(1940, 2, 29))


def put(session, row):
    session.add(row)
    session.flush()
    return row


def test_a_whole_month_in_the_bed(session, wang):
    stay = make_stay(session, wang)

    [row] = facts_of(session, "bed_months")

    assert (row.beneficiary_id, row.resident_id, row.caregiver_id) == (wang.id, wang.id, None)
    assert (row.site_id, row.month, row.part) == (stay.site_id, JANUARY, 0)
    assert (row.on_day, row.subject) == (date(2026, 1, 31), f"stay:{stay.id}")
    facts = row.facts
    assert (facts["days_in_bed"], facts["days_of_month"], facts["days_on_leave"]) == (31, 31, 0)
    assert (facts["months_in_bed"], facts["age"], facts["bed_is_nursing"]) == (8, 85, False)


def test_february_of_a_leap_year_has_29_days_and_somebody_born_on_the_last_is_older_in_march(
    session, wang
):
    make_stay(session, wang, starts_on=date(2024, 1, 31))

    [row] = facts_of(session, "bed_months", date(2024, 2, 1))

    assert (row.facts["days_in_bed"], row.facts["days_of_month"]) == (29, 29)
    assert (row.facts["age"], row.facts["months_in_bed"]) == (84, 1)


def test_the_night_of_admission_counts_and_the_day_of_leaving_does_not(session, wang):
    make_stay(session, wang, starts_on=date(2026, 1, 31))
    zhao = make_resident(session)
    make_stay(session, zhao, ends_on=date(2026, 1, 11))

    [of_wang, of_zhao] = facts_of(session, "bed_months")

    assert (of_wang.facts["days_in_bed"], of_wang.facts["months_in_bed"]) == (1, 0)
    assert (of_zhao.facts["days_in_bed"], of_zhao.on_day) == (10, date(2026, 1, 10))


def test_leave_is_counted_apart_and_hospital_not_at_all(session, wang):
    rest = [
        (BedState.ON_LEAVE, date(2026, 1, 10), date(2026, 1, 13)),
        (BedState.IN_HOSPITAL, date(2026, 1, 20), date(2026, 1, 25)),
    ]
    make_stay(session, wang, rest=rest)

    [row] = facts_of(session, "bed_months")

    assert (row.facts["days_in_bed"], row.facts["days_on_leave"]) == (23, 3)


def test_a_death_ends_the_nights_though_nobody_freed_the_bed(session, wang):
    make_stay(session, wang)
    table = table_of(Resident)
    session.execute(update(table).where(table.c.id == wang.id).values(died_on=date(2026, 1, 10)))

    [row] = facts_of(session, "bed_months", until=date(2026, 3, 1))

    assert (row.month, row.facts["days_in_bed"], row.on_day) == (JANUARY, 10, date(2026, 1, 10))


def test_of_two_homes_that_of_most_nights_and_the_last_when_equal(session, wang):
    make_stay(session, wang, ends_on=date(2026, 1, 10))
    second = make_stay(session, wang, starts_on=date(2026, 1, 10), ends_on=date(2026, 2, 15))
    third = make_stay(session, wang, starts_on=date(2026, 2, 15))

    january, february = facts_of(session, "bed_months", until=date(2026, 3, 1))

    assert (january.site_id, january.facts["days_in_bed"]) == (second.site_id, 22)
    assert (february.site_id, february.facts["days_in_bed"]) == (third.site_id, 14)
    assert february.facts["months_in_bed"] == 0


def test_a_medical_bed_and_what_was_superseded_are_no_month(session, wang):
    make_stay(session, wang, make_bed(session, kind=BedKind.MEDICAL))

    assert facts_of(session, "bed_months") == []


def test_the_elder_as_known_on_the_last_day(session, wang):
    make_stay(session, wang)
    give_level(
        session, wang, AbilityLevel.MILD, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 31)
    )
    give_level(session, wang, AbilityLevel.SEVERE, starts_on=date(2026, 1, 31))
    make_hardship(session, wang, HardshipTier.DIBAO, ends_on=date(2026, 1, 31))
    make_hardship(session, wang, HardshipTier.TEKUN_IN_CARE, starts_on=date(2026, 1, 31))
    days = {"resident_id": wang.id, "starts_on": date(2026, 1, 31)}
    put(session, Hukou(kind=HukouKind.UNIFIED, division_code=VILLAGE, **days))
    put(session, PayeeAccount(bank="晋城银行", account_cipher=b"1", account_digest=b"1",
                              last_four="0001", holder_name="王秀英", **days))  # fmt: skip

    [row] = facts_of(session, "bed_months")

    known = ("ability_level", "hardship_tier", "is_local", "has_payee")
    assert [row.facts[name] for name in known] == ["severe", "tekun_in_care", True, True]


def test_what_nobody_knows_is_null(session, wang):
    make_stay(session, wang)

    [row] = facts_of(session, "bed_months")

    known = ("ability_level", "hardship_tier", "is_local", "has_payee", "is_dishonest",
             "is_non_profit", "months_open")  # fmt: skip
    assert [row.facts[name] for name in known] == [None, "none", None, False, None, None, None]


def test_the_home_as_it_was_on_the_day(session, wang):
    provider = put(
        session, Provider(name="德善", uscc="52140500MJ0000001A", credit_status="dishonest")
    )
    site = make_site(session, provider_id=provider.id)
    make_stay(session, wang, make_bed(session, site=site, is_nursing=True))
    for stars, starts_on, ends_on in (
        (2, date(2023, 1, 1), date(2026, 1, 31)), (4, date(2026, 1, 31), date(2029, 1, 1))
    ):  # fmt: skip
        put(session, SiteStar(site_id=site.id, stars=stars, starts_on=starts_on, ends_on=ends_on))
    opened = {"site_id": site.id, "recorded_at": clock.now()}
    put(session, SiteOpening(state=OpeningState.OPEN, starts_on=date(2025, 2, 1), **opened))

    [row] = facts_of(session, "bed_months")

    known = ("stars", "site_kind", "is_non_profit", "is_dishonest", "months_open", "bed_is_nursing")
    assert [row.facts[name] for name in known] == [4, "care_home", True, True, 12, True]


def test_a_closed_home_is_open_for_no_month(session, wang):
    site = make_site(session)
    make_stay(session, wang, make_bed(session, site=site))
    for state, starts_on in (("open", date(2020, 1, 1)), ("suspended", date(2026, 1, 20))):
        put(session, SiteOpening(site_id=site.id, state=OpeningState(state), starts_on=starts_on,
                                 recorded_at=clock.now()))  # fmt: skip

    [row] = facts_of(session, "bed_months")

    assert row.facts["months_open"] == 0


def test_bed_months_of_a_home_are_whole_months_and_its_fullness_is_of_its_licence(session):
    site = make_site(session)
    whole, half, away = make_beds(session, 3, site=site)
    make_stay(session, make_resident(session), whole)
    make_stay(session, make_resident(session), half, ends_on=date(2026, 1, 16))
    leave = [(BedState.ON_LEAVE, date(2026, 1, 2), date(2026, 1, 3))]
    make_stay(session, make_resident(session), away, rest=leave)
    put(session, BedLicence(site_id=site.id, kind=BedKind.INSTITUTION, licensed=10,
                            starts_on=date(2020, 1, 1)))  # fmt: skip

    [row] = facts_of(session, "site_bed_months")

    assert (row.beneficiary_id, row.resident_id, row.subject) == (site.id, None, f"site:{site.id}")
    assert (row.facts["bed_months"], row.facts["occupancy_percent"]) == (1, 24)


def test_without_a_licence_fullness_is_of_the_beds_that_stand_there(session, wang):
    beds = make_beds(session, 2)
    make_stay(session, wang, beds[0])

    [row] = facts_of(session, "bed_months")

    assert row.facts["occupancy_percent"] == 50


def test_beds_built_are_what_a_licence_added_each_year_again_for_five_years(session):
    site = make_site(session)
    for licensed, nursing, starts_on in ((50, 10, date(2020, 3, 1)), (80, 30, date(2024, 2, 29))):
        put(session, BedLicence(site_id=site.id, kind=BedKind.INSTITUTION, licensed=licensed,
                                nursing=nursing, starts_on=starts_on))  # fmt: skip

    rows = facts_of(session, "beds_built", date(2024, 1, 1), date(2027, 1, 1))

    named = ("instalment", "beds_new", "nursing_beds_new", "beds_converted")
    found = [(row.month, row.part, *(row.facts[name] for name in named)) for row in rows]
    assert found == [
        (date(2024, 2, 1), 1, 1, 30, 20, None),
        (date(2024, 3, 1), 5, 5, 50, 10, None),
        (date(2025, 2, 1), 2, 2, 30, 20, None),
        (FEBRUARY, 3, 3, 30, 20, None),
    ]


def test_days_of_a_year_are_those_of_its_months(session, wang):
    make_stay(session, wang, starts_on=date(2024, 2, 10), ends_on=date(2025, 2, 10))

    rows = facts_of(session, "bed_months", date(2024, 1, 1), date(2026, 1, 1))

    assert len(rows) == 13
    nights = sum(row.facts["days_in_bed"] for row in rows)
    assert timedelta(days=nights) == date(2025, 2, 10) - date(2024, 2, 10)

"""Who is entitled to what, and what each refusal names."""

from datetime import date

import pytest

from server.homecare.vouchers.models import Programme
from server.homecare.vouchers.needs import (
    IS_MET,
    NEEDS,
    EntitlementNeed,
    Group,
    PersonFacts,
    first_month,
    unmet,
)
from server.residents.assessments.models import AbilityLevel
from server.residents.models import HardshipTier, SpecialCare

N = EntitlementNeed
TODAY = date(2026, 5, 6)
GROUPS = (
    Group("dibao_70", 70, 60_000, tier=HardshipTier.DIBAO),
    Group("childless_70", 70, 60_000, care=SpecialCare.CHILDLESS),
    Group("aged_90", 90, 80_000),
)


def person(age=80, **given):
    values = {"on": TODAY, "born_on": date(TODAY.year - age, 5, 6), "groups": GROUPS}
    return PersonFacts(**values | given)


def test_every_need_stands_in_both_tables():
    assert set(IS_MET) == set(N) == {need for needs in NEEDS.values() for need in needs}


@pytest.mark.parametrize("level", [AbilityLevel.MODERATE, AbilityLevel.SEVERE, AbilityLevel.TOTAL])
def test_a_voucher_is_for_moderate_or_worse(level):
    assert unmet(Programme.VOUCHER, person(level=level)) == []


@pytest.mark.parametrize("level", [None, AbilityLevel.INTACT, AbilityLevel.MILD])
def test_nobody_else_has_one(level):
    assert unmet(Programme.VOUCHER, person(level=level)) == [N.LEVEL_MODERATE]


def test_all_that_excludes_is_named_at_once():
    facts = person(
        lives_here=False, is_in_a_house=True, tier=HardshipTier.TEKUN, gets_care_allowance=True,
        has_build_grant=True,
    )  # fmt: skip

    assert unmet(Programme.VOUCHER, facts) == [
        N.STILL_HERE, N.NOT_IN_A_HOUSE, N.LEVEL_MODERATE, N.NOT_TEKUN, N.NO_CARE_ALLOWANCE,
        N.NO_BUILD_GRANT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        (person(70, tier=HardshipTier.DIBAO), "dibao_70"),
        (person(69, tier=HardshipTier.DIBAO), None),
        (person(75, cares=frozenset({SpecialCare.CHILDLESS})), "childless_70"),
        (person(89), None),
        (person(90), "aged_90"),
        (person(91, tier=HardshipTier.DIBAO), "aged_90"),
    ],
)
def test_service_is_bought_by_groups_and_the_best_one_counts(facts, group):
    assert (facts.group and facts.group.code) == group
    assert unmet(Programme.PURCHASED, facts) == ([] if group else [N.IN_A_GROUP])


def test_a_birthday_later_in_the_year_is_still_to_come():
    assert PersonFacts(on=TODAY, born_on=date(1956, 5, 7)).age == 69


def test_what_is_asked_for_this_month_holds_from_the_next():
    assert first_month(date(2026, 11, 22), 1) == date(2026, 12, 1)
    assert first_month(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert first_month(date(2026, 12, 31), 0) == date(2026, 12, 1)

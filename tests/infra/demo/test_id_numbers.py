"""Numbers of people who do not exist, as well formed as any."""

from collections import Counter
from datetime import date

import pytest
from stdnum.cn import ric, uscc

from infra.demo import id_numbers
from infra.demo.id_numbers import (
    AGES,
    IdNumbers,
    NumbersUsedUp,
    id_number,
    organisation_code,
    weighed,
    years_before,
)
from server.meals.rules import full_years
from server.residents.models import Sex

DAY = date(2026, 11, 22)
COUNTY = "140502"


def people(count, *, seed=1, county=COUNTY):
    numbers = IdNumbers(seed, on=DAY)
    return [numbers.person(county, weighed(county, 0), k) for k in range(count)]


def test_check_digits_are_valid_and_birthdays_real():
    for _, born_on, number in people(1_000):
        assert number[-1] == ric.calc_check_digit(number)
        assert ric.get_birth_date(number) == born_on


def test_the_county_and_the_sex_stand_in_the_number():
    for sex, _, number in people(500):
        assert number.startswith(COUNTY)
        assert int(number[16]) % 2 == (sex is Sex.MALE)


def test_no_two_people_share_a_number_though_days_come_again():
    numbers = [number for _, _, number in people(60_000)]
    assert len(set(numbers)) == len(numbers)
    assert {number[14:17] for number in numbers} >= {"999", "998", "997", "996"}


def test_everybody_is_sixty_or_more_in_the_shares_that_were_planned():
    ages = Counter(full_years(born_on, on=DAY) for _, born_on, _ in people(5_000))

    assert min(ages) == 60
    for youngest, oldest, women, men in AGES:
        counted = sum(ages[age] for age in range(youngest, oldest + 1))
        assert counted == 50 * (women + men)


def test_numbers_end_before_they_would_repeat(monkeypatch):
    monkeypatch.setattr(id_numbers, "LOWEST_SEQUENCE", 998)
    with pytest.raises(NumbersUsedUp):
        people(15_000)


def test_a_single_number_is_made_as_the_many_are():
    number = id_number(COUNTY, date(1954, 2, 28), 201)
    assert number == f"14050219540228201{ric.calc_check_digit('140502195402282010')}"


def test_a_leap_day_has_an_anniversary_every_year():
    assert years_before(date(2028, 2, 29), 1) == date(2027, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)


def test_organisation_codes_are_valid_and_seen_to_be_made_up():
    code = organisation_code("1405", 7)
    assert uscc.is_valid(code)
    assert "MADEM" in code

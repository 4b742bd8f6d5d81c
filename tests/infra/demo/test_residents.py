"""Who lives in the demo, before any database knows."""

from collections import Counter
from datetime import date

import phonenumbers
import pytest

from infra.cities import towns_and_villages
from infra.demo.beginning import Beginning
from infra.demo.canteens import CANTEENS
from infra.demo.divisions import Divisions
from infra.demo.faces import FACES
from infra.demo.residents import Population
from server.people.papers import check_id_number, pinyin_of
from server.places.national import counties_of
from tests.cities import CITY

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def divisions():
    rows = [*counties_of(CITY), *towns_and_villages(CITY)]
    return Divisions(CITY, {row.code: row.name for row in rows})


@pytest.fixture(scope="module")
def canteens(divisions):
    return [(100 + n, divisions.village(*canteen.where)) for n, canteen in enumerate(CANTEENS)]


def population(divisions, canteens, *, seed=1):
    return Population(Beginning(seed, DAY), divisions, canteens)


@pytest.fixture(scope="module")
def people(divisions, canteens):
    return list(population(divisions, canteens).people(0, 5_000))


def test_the_same_seed_makes_the_same_people(divisions, canteens, people):
    again = population(divisions, canteens).people(0, 5_000)
    assert list(again) == people


def test_another_seed_makes_others(divisions, canteens, people):
    others = population(divisions, canteens, seed=2).people(0, 100)
    assert [person.name for person in others][5:] != [person.name for person in people[5:100]]


@pytest.mark.parametrize(("start", "stop"), [(0, 3), (3, 40), (990, 1_010), (2_000, 2_001)])
def test_a_resident_is_the_same_in_whichever_slice(divisions, canteens, people, start, stop):
    part = population(divisions, canteens).people(start, stop)
    assert list(part) == people[start:stop]


def test_a_number_is_found_from_the_ordinal_alone(divisions, canteens, people):
    found = population(divisions, canteens)
    assert [found.id_number(n) for n in range(2_500)] == [p.id_number for p in people[:2_500]]


def test_no_two_residents_share_an_id_number_and_all_are_valid(people):
    numbers = [person.id_number for person in people]
    assert len(set(numbers)) == len(numbers)
    assert [check_id_number(number) for number in numbers] == numbers


def test_the_county_of_a_number_is_where_the_resident_lives(people):
    assert all(person.id_number[:6] == person.village_code[:6] for person in people)


def test_residents_live_all_over_the_city_and_nobody_in_a_prison(divisions, people):
    assert {person.village_code[:6] for person in people} == set(divisions.counties)
    assert not any("监狱" in person.address for person in people)
    assert not any(person.address.endswith("委会") for person in people)


def test_about_one_in_eight_lives_in_hardship(people):
    share = sum(person.tier is not None for person in people) / len(people)
    assert 0.10 < share < 0.14
    assert all(p.tier_until is None or p.tier_until > p.tier_from for p in people if p.tier)


def test_a_usual_canteen_is_near(canteens, people):
    village_of = dict(canteens)
    eaters = [person for person in people if person.usual_canteen_id]

    assert len(eaters) > 3_000
    for person in eaters:
        assert village_of[person.usual_canteen_id][:6] == person.village_code[:6]


def test_phones_can_be_dialled_and_only_a_couple_shares_one(people):
    phones = [person.phone for person in people if person.phone]

    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones[:300])
    assert [phone for phone, count in Counter(phones).items() if count > 1] == [FACES[3].phone]


def test_the_pinyin_of_the_parts_is_that_of_the_name(people):
    person = people[0]
    assert (person.pinyin, person.initials) == pinyin_of(person.name) == ("wangxiulan", "wxl")


def test_faces_have_the_age_that_was_planned(people):
    ages = [DAY.year - person.born_on.year for person in people[: len(FACES)]]
    assert ages == [face.age for face in FACES]


def test_nothing_would_break_a_line_of_copy(people):
    assert not any(set("\t\n\\") & set(f"{p.name}{p.address}{p.pinyin}") for p in people)

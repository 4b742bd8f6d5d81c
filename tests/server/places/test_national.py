import pytest

from server.places import national


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("南京", {"3201"}),
        ("南京市", {"3201"}),
        ("北京", {"1101"}),
        ("重庆市", {"5001", "5002"}),
        ("吉林", {"2202"}),
    ],
)
def test_a_city_is_known_by_its_name_and_the_four_great_ones_by_their_province_s(written, codes):
    assert national.cities_by_name()[written] == codes


@pytest.mark.parametrize("written", ["江苏", "火星", "市辖区", "", "县"])
def test_other_words_are_no_city(written):
    assert written not in national.cities_by_name()


def test_a_city_comes_with_its_counties_each_below_it():
    city, *counties = national.counties_of("3201")

    assert (city.name, len(counties)) == ("南京市", 11)
    assert {county.parent_code for county in counties} == {"3201"}
    assert national.counties_of("9999") == []


def test_every_nickname_points_to_a_county_of_its_city_and_is_none_s_own_name():
    for city_code in national.city_codes():
        counties = {row.code: row.name for row in national.counties_of(city_code)}
        for nickname, code in national.nicknames_of(city_code).items():
            assert code in counties
            assert nickname not in counties.values()


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("江苏省镇江市句容市宝华镇1号", {"3211"}),
        ("上海市浦东新区1号", {"3101"}),
        ("南京路1号", set()),
        ("玄武区上海市场旁", set()),
    ],
)
def test_an_address_that_begins_with_another_city_says_so(address, codes):
    assert national.city_named_in(address) == codes

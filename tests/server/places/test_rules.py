from dataclasses import replace

import pytest

from server.places import national
from server.places.rules import Gazetteer, Said, find_county, find_county_by_name, names_of_city


def gazetteer_of(city_code, towns=()):
    return Gazetteer(
        city_code=city_code,
        city_names=[
            name for name, codes in national.cities_by_name().items() if city_code in codes
        ],
        counties={row.code: row.name for row in national.counties_of(city_code)[1:]},
        towns=dict(towns),
        nicknames=national.nicknames_of(city_code),
    )


NANJING = gazetteer_of("3201")
JINCHENG = gazetteer_of(
    "1405",
    [
        ("140521100", "龙港镇"),
        ("140525100", "南村镇"),
        ("140581107", "马村镇"),
        ("140524101", "马村镇"),
    ],
)
DONGYING = gazetteer_of("3705")


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        ("南京市玄武区马高路319号", "320102", Said.NAME),
        ("江苏省南京市建邺区江心洲民安路2号", "320105", Said.NAME),
        ("南京栖霞区摄山星城尤山路90号", "320113", Said.NAME),
        ("溧水区石湫镇桑园蒲村140号", "320117", Said.NAME),
        ("南京市雨花台区板桥", "320114", Said.NAME),
        ("南京市 鼓楼区 漓江路55号", "320106", Said.NAME),
        ("南京市雨花区西善桥街道邱村70号", "320114", Said.NICKNAME),
        ("南京市白下区淮海路148号", "320104", Said.NICKNAME),
        ("南京市秦淮区（原白下区）淮海路148号", "320104", Said.NAME),
        ("南京江宁东山街道1号", "320115", Said.SHORT_NAME),
        ("江宁街道汤铜路88号", "320115", Said.SHORT_NAME),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_county_is_found_by_the_words_that_name_it(address, code, said):
    found = find_county(address, NANJING)

    assert (found.code, found.said) == (code, said)


@pytest.mark.parametrize(
    "address",
    [
        "玄武大道96号",
        "南京玄武大道96号",
        "南京浦口东路3号",
        "南京鼓楼医院旁",
        "南京栖霞山1号",
        "江宁经济技术开发区将军大道5号",
        "南京江宁滨江经济开发区5号",
        "江北新区浦滨路1号",
        "高淳老街中山大街3号",
        "中山北路477号",
        "",
    ],
)
def test_a_road_a_sight_or_a_zone_of_the_same_name_is_no_county(address):
    assert find_county(address, NANJING).said is Said.NOTHING


def test_an_address_between_two_counties_is_none_and_says_which():
    found = find_county("南京市玄武区与栖霞区交界处", NANJING)

    assert (found.code, found.said) == (None, Said.SEVERAL)
    assert set(found.words.split("、")) == {"玄武区", "栖霞区"}


def test_a_county_called_city_proper_counts_only_where_a_county_must_stand():
    assert find_county("山西省晋城市城区黄华街1号", JINCHENG).code == "140502"
    assert find_county("晋城市泽州县南村镇城区路1号", JINCHENG).code == "140525"
    assert find_county("晋城市区凤台街1号", JINCHENG).code is None
    assert find_county("老城区1号", JINCHENG).code is None


def test_a_town_that_only_one_county_has_tells_the_county():
    found = find_county("龙港镇新建路1号", JINCHENG)

    assert (found.code, found.said, found.words) == ("140521", Said.TOWN, "龙港镇")


def test_a_town_of_two_counties_tells_nothing():
    assert find_county("马村镇1号", JINCHENG).said is Said.SEVERAL


def test_a_zone_with_a_code_of_its_own_is_found_and_any_other_zone_is_not():
    address = "东营市东营经济技术开发区府前街1号"
    without = {code: name for code, name in DONGYING.counties.items() if "开发区" not in name}

    assert find_county(address, DONGYING).code == "370571"
    assert find_county(address, replace(DONGYING, counties=without)).code is None


def test_a_site_s_own_name_tells_its_county_only_in_full():
    assert find_county_by_name("南京市雨花台区板桥舒心养老院", NANJING).code == "320114"
    assert find_county_by_name("金色阳光老年公寓（栖霞区）", NANJING).code == "320113"
    assert find_county_by_name("九如城康养中心雨花院", NANJING).code is None
    assert find_county_by_name("南京浦口尽孝道护理院", NANJING).code is None


def test_a_city_is_written_with_and_without_its_ending():
    assert names_of_city("南京市") == ["南京市", "南京"]
    assert names_of_city("阿克苏地区") == ["阿克苏地区", "阿克苏"]

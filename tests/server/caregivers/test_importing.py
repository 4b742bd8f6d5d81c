"""A list of staff: all of it or nothing, twice is as once, hundreds in seconds."""

import time
from datetime import date

import pytest
from sqlalchemy import text

from server import clock
from server.caregivers.importing import understand
from server.caregivers.loading import load
from tests.factories.caregivers import make_caregiver, make_certificate
from tests.factories.people import an_id_number

HEADINGS = ("机构,姓名,身份证号,手机号,岗位,入职日期,合同起始日期,合同终止日期,学历,毕业院校,"
            "毕业日期,学历认证编号,技能等级,证书编号,发证机构,发证日期,有效期至,"
            "开户行,银行账号")  # fmt: skip


def row(number, name="孙一兰", site="枫叶养老院", **given):
    said = {
        "phone": f"139{number:08d}", "post": "护理员", "since": "2024-03-01",
        "contract": "2024-03-01,2027-02-28",
        "degree": "本科,长治医学院,2020-06-30,XL1",
        "certificate": f"四级,S1405{number:08d},晋城市鉴定中心,2024-05-01,2028-05-01",
        "payee": f"工商银行,6222{number:012d}",
    } | given  # fmt: skip
    return ",".join([site, name, an_id_number(number), *said.values()])


def listed(*rows):
    return understand("\n".join((HEADINGS, *rows)).encode(), today=clock.today())


def count(session, table):
    return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_everybody_goes_in_with_their_papers(session, desks):
    lines = listed(row(8001), row(8002, name="赵二娥"))

    loaded = load(session, lines, site_ids=[desks.near.id])

    assert (loaded.new, loaded.is_written, lines.is_sound) == (2, True, True)
    for table in ("caregiver", "employment", "employment_contract", "caregiver_education",
                  "skill_certificate"):  # fmt: skip
        assert count(session, table) == 2
    ends = session.execute(text("SELECT DISTINCT ends_on FROM employment_contract")).scalars()
    assert list(ends) == [date(2027, 3, 1)]


def test_a_second_time_changes_nothing(session, desks):
    for new in (1, 0):
        loaded = load(session, listed(row(8001)), site_ids=[desks.near.id])
        assert (loaded.new, loaded.papers, loaded.unchanged) == (new, 0, 1 - new)
    assert count(session, "skill_certificate") == 1


def test_a_new_certificate_of_known_people_is_added(session, desks):
    load(session, listed(row(8001)), site_ids=[desks.near.id])
    newer = row(8001, certificate="三级,S9,晋城市鉴定中心,2025-05-01,2029-05-01")
    newer = newer.replace("S9", "S1405NEW")

    loaded = load(session, listed(newer), site_ids=[desks.near.id])

    assert (loaded.new, loaded.papers) == (0, 1)
    assert count(session, "skill_certificate") == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (row(8002, site="松柏养老院"), "facility-not-yours"),
        (row(8002, since="2099-01-01"), "not-begun"),
        (row(8002, contract="2024-03-01,2023-01-01"), "contract-days-impossible"),
        (row(8002, certificate="四级,S14050001,,2024-05-01,2028-05-01"), "certificate-incomplete"),
        (row(8002, degree="本科,,2020-06-30,"), "education-incomplete"),
        (row(8002, payee="工商银行,12"), "payee-account-unusable"),
        (row(8001, name="孙一"), "person-on-row"),
    ],
)
def test_one_wrong_row_keeps_everybody_outside(session, desks, wrong, code):
    lines = listed(row(8001), wrong)

    loaded = load(session, lines, site_ids=[desks.near.id])

    assert not loaded.is_written
    assert code in {one.complaint.code for one in lines.checked.findings}
    assert count(session, "caregiver") == 0


def test_whoever_is_kept_elsewhere_stays_there(session, desks):
    make_caregiver(session, desks.far, id_number=an_id_number(8001))
    lines = listed(row(8001))

    load(session, lines, site_ids=[desks.near.id])

    [found] = [one for one in lines.checked.findings if one.level >= 3]
    assert found.complaint.code == "caregiver-elsewhere"
    assert found.complaint.facts == {}
    assert an_id_number(8001) not in found.value


def test_a_certificate_number_is_one_persons(session, desks):
    other = make_caregiver(session, desks.near)
    taken = make_certificate(session, other)
    said = f"四级,{taken.number},晋城市鉴定中心,2024-05-01,2028-05-01"
    lines = listed(row(8001, certificate=said))

    assert not load(session, lines, site_ids=[desks.near.id]).is_written


def test_as_many_as_a_city_has_take_seconds(session, desks):
    rows = [row(number) for number in range(1, 547)]
    began = time.monotonic()

    loaded = load(session, listed(*rows), site_ids=[desks.near.id])

    assert loaded.new == 546
    assert time.monotonic() - began < 60

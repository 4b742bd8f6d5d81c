"""showOverview, nudge: who has filed and who is late, within one's reach."""

import csv
import io

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.returns import make_return

PAGE = "/facilities/returns-overview"


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def homes(session):
    today, older, never, counted = (
        make_site(session, name=name) for name in ("今院", "旧院", "无院", "算院")
    )
    make_return(session, today)
    make_return(session, older, ago=3)
    make_bed(session, site=counted)
    make_site(session, name="远院", division_code=OTHER_COUNTY_VILLAGE)
    return older, never


def test_each_home_is_there_with_how_fresh_it_is(county, homes):
    page = county.get(PAGE).text
    for told in (
        "今院",
        "旧院",
        "无院",
        "算院",
        "今天已报",
        "两天以上",
        "从未填报",
        "系统实时统计",
    ):
        assert told in page
    assert "远院" not in page
    assert "今天已报 1／3" in page, "whose beds are counted here is not waited for"


def test_a_name_leads_to_the_page_of_the_home(county, homes):
    older, _never = homes
    assert f'/providers/sites/{older.id}"' in county.get(PAGE).text


def test_what_is_counted_here_is_told_and_not_called_unknown(county, homes, session):
    rows = [
        [cell.text for cell in line.find("td")]
        for line in read(county.get(PAGE).text).find("tr")
        if any(head.text == "算院" for head in line.find("th"))
    ]

    assert [row[1:4] for row in rows] == [["0", "0", "1"]]


def test_it_is_filtered_and_taken_along_as_a_file(county, homes):
    answer = county.get(f"{PAGE}/export.csv?standing=filed")
    [heading, row] = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert row[heading.index("设施")] == "今院" if "设施" in heading else "今院" in row
    assert "旧院" not in county.get(f"{PAGE}?standing=filed").text


def test_a_nudge_writes_to_the_operators_once_an_hour(session, county, homes):
    older, _ = homes
    make_staff(session, "facility_operator", site_id=older.id).phone = "+8613800000001"
    session.flush()
    for _ in range(2):
        answer = county.post(f"{PAGE}/{older.id}/nudge")
        assert answer.status_code == 303
    assert session.execute(text("SELECT count(*) FROM message")).scalar_one() == 1
    assert "已提醒该机构" in county.get(answer.headers["Location"].removeprefix("/admin")).text


def test_a_home_nobody_can_be_reached_at_is_to_be_telephoned(county, homes):
    _, never = homes
    answer = county.post(f"{PAGE}/{never.id}/nudge")
    page = county.get(answer.headers["Location"].removeprefix("/admin")).text
    assert "没有人可以通知" in page


def test_the_auditor_looks_and_nudges_nobody(sit_down, homes):
    auditor = sit_down(Role.AUDITOR)
    assert "催报" not in auditor.get(PAGE).text
    assert auditor.post(f"{PAGE}/{homes[0].id}/nudge").status_code == 403


def test_a_home_elsewhere_is_not_there(session, county):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
    assert county.post(f"{PAGE}/{far.id}/nudge").status_code == 404


def test_a_list_ten_times_as_long_asks_no_more(session, county, statements):
    def ask():
        with statements() as sent:
            county.get(PAGE)
        return len(sent)

    make_return(session)
    few = ask()
    for _ in range(10):
        make_return(session)
    assert ask() == few


def test_an_operator_may_not_see_the_others(sit_down, session):
    operator = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)
    assert operator.get(PAGE).status_code == 403


def test_each_figure_opens_the_homes_that_make_it(county, homes):
    page = county.get(PAGE).text
    assert f"{PAGE}?standing=missing" in page
    assert f"{PAGE}?standing=never" in page

    def shown(standing):
        text = county.get(f"{PAGE}?standing={standing}").text
        return [name for name in ("今院", "旧院", "无院", "算院") if f">{name}<" in text]

    assert shown("missing") == ["旧院", "无院"]
    assert shown("never") == ["无院"]
    assert county.get(f"{PAGE}?standing=sometime").status_code == 422

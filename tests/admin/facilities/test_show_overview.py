"""showOverview, exportOverview, showScope, showHome: the bureau's beds, and their days."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
import time_machine

from admin.facilities import overview_keeping
from admin.formats import short_day
from server import clock
from server.facilities.models import BedKind, BedLicence
from server.facilities.stays.admitting import admit
from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.returns import make_return

TODAY = clock.today()
OFFICES = {Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


class TestOverview(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/beds"


class TestExport(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/beds/overview.csv"


class TestHistory(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/beds/history"


class TestHistoryOfAHome(OpensFor):
    roles = OFFICES | {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/history"


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER)


@pytest.fixture
def auditor(sit_down):
    return sit_down(Role.AUDITOR)


@pytest.fixture
def lived_in(session, home, beds):
    """One of four beds is occupied since ten days; another county has one empty bed."""
    ten_days_ago = TODAY - timedelta(days=10)
    admit(
        session, bed_id=beds[0].id, resident_id=make_resident(session).id, admitted_on=ten_days_ago
    )
    session.add(
        BedLicence(
            site_id=home.id, kind=BedKind.INSTITUTION, licensed=6, starts_on=beds[0].opened_on
        )
    )
    far = make_site(session, name="沁河湾养老院", division_code=OTHER_COUNTY_VILLAGE)
    make_bed(session, site=far)
    return far


def row(page, name):
    for line in read(page).find("tr"):
        if any(head.text == name for head in line.find("th")):
            return [cell.text for cell in line.find("td")]
    raise AssertionError(name)


def test_every_home_has_its_figures_and_its_rate(city, lived_in, home):
    page = city.get("/beds").text

    assert row(page, "桑榆里养老院") == ["4", "6", "4", "1", "0", "0", "3", "3", "0", "25 % 1/4"]
    assert row(page, "沁河湾养老院")[1] == "—"  # Nobody knows what it is licensed for.
    assert row(page, "合计")[0] == "5"


def test_each_number_opens_its_home(city, lived_in, home):
    links = {a.attributes["href"] for a in read(city.get("/beds").text).find("a")}

    assert f"/admin/beds/{home.id}" in links


def test_a_county_sees_its_own_alone(officer, lived_in):
    page = officer.get("/beds").text

    assert "沁河湾养老院" not in page
    assert officer.get("/beds?division=140521").status_code == 404
    assert "沁河湾养老院" not in officer.get("/beds/overview.csv").text


def test_a_kind_and_a_past_day_are_looked_at_alone(city, session, home, lived_in):
    make_beds(session, 2, site=home, kind=BedKind.HOSPICE)
    before = TODAY - timedelta(days=11)

    assert row(city.get("/beds?kind=hospice").text, "桑榆里养老院")[0] == "2"
    past = row(city.get(f"/beds?day={before}").text, "桑榆里养老院")
    assert (past[3], past[7]) == ("0", "—")


def test_beds_in_peoples_homes_are_counted_by_themselves(city, session, home, lived_in):
    make_beds(session, 2, site=home, kind=BedKind.HOME_CARE)

    assert row(city.get("/beds").text, "桑榆里养老院")[0] == "4"
    assert row(city.get("/beds?kind=home_care").text, "桑榆里养老院")[0] == "2"


def test_only_an_auditor_asks_what_was_known(city, auditor, lived_in):
    yesterday = TODAY - timedelta(days=1)
    address = f"/beds?day={yesterday}&known={yesterday}"

    assert city.get(address).status_code == 403
    assert row(auditor.get(address).text, "桑榆里养老院")[3] == "0"
    assert row(auditor.get(f"/beds?day={yesterday}").text, "桑榆里养老院")[3] == "1"


@pytest.mark.parametrize("query", ["kind=hotel", "day=someday", "colour=red"])
def test_a_filter_that_is_none_is_refused(city, query):
    assert city.get(f"/beds?{query}").status_code == 422


def test_where_nobody_has_beds_the_page_says_so(city):
    assert "这一天这里没有床位记录。" in city.get("/beds").text


def test_the_file_has_the_same_figures(city, lived_in):
    text = city.get("/beds/overview.csv").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    mine = next(one for one in rows if one["机构"] == "桑榆里养老院")
    assert (mine["占用"], mine["可用"], mine["备案核定"]) == ("1", "4", "6")


def test_the_days_are_drawn_and_stand_in_a_table(city, operator, lived_in, home):
    page = city.get("/beds/history?days=30").text
    own = operator.get(f"/beds/{home.id}/history?days=30").text

    assert row(page, TODAY.isoformat()) == ["5", "1", "20 %"]
    assert row(own, TODAY.isoformat()) == ["4", "1", "25 %"]
    assert row(own, (TODAY - timedelta(days=11)).isoformat())[1] == "0"


def test_what_other_homes_filed_counts_on_its_days_and_until_the_next(city, session, lived_in):
    filing = make_site(session)
    make_return(session, filing, ago=5, usable=10, occupied=6, on_leave=0)
    make_return(session, lived_in, usable=70, occupied=70, on_leave=0)  # Counted here anyhow.

    page = city.get("/beds/history?days=30").text

    assert row(page, TODAY.isoformat()) == ["15", "7", "46 %"]
    assert row(page, (TODAY - timedelta(days=6)).isoformat()) == ["5", "1", "20 %"]
    assert "这段时间没有床位记录。" in city.get("/beds/history?days=30&kind=hospice").text


def test_the_drawing_is_made_from_the_figures_of_the_table(city, lived_in):
    [figure] = read(city.get("/beds/history?days=30").text).find("figure")
    told = json.loads(figure.attributes["data-series"])

    assert len(told["days"]) == 30
    assert (told["usable"][-1], told["occupied"][-1], told["rates"][-1]) == (5, 1, "20 %")


def test_homes_that_file_stand_with_what_they_filed_and_the_silent_are_named(city, session, home):
    filing = make_site(session, name="乡里敬老院")
    make_return(session, filing, ago=1, usable=58, occupied=47, on_leave=1, licensed=60)
    make_site(session, name="无声养老院")

    page = city.get("/beds").text

    told = row(page, f"乡里敬老院 填报：{short_day(TODAY - timedelta(days=1))}")
    assert told[:7] == ["—", "60", "58", "47", "1", "—", "10"]
    assert row(page, "无声养老院 从未填报")[0] == "—"
    past = TODAY - timedelta(days=2)
    assert "无声养老院" not in city.get(f"/beds?day={past}").text
    assert "乡里敬老院" not in city.get(f"/beds?day={past}").text


def test_more_homes_ask_no_more_of_the_database(city, session, lived_in, statements):
    with statements() as few:
        city.get("/beds")
    for _ in range(5):
        make_bed(session, site=make_site(session))
    overview_keeping.forget()
    with statements() as many:
        city.get("/beds")

    assert len(many) == len(few)


class TestKeptUpToDate:
    @pytest.fixture
    def live(self, officer):
        def live(asked="", *, known=None):
            told = {"If-None-Match": known.headers["ETag"]} if known else {}
            return officer.get(f"/beds/overview/live{asked}", **{"HX-Request": "true"} | told)

        return live

    def test_is_sent_again_when_a_bed_is_taken_and_not_before(self, session, officer, live, beds):
        assert 'hx-trigger="every 1500ms"' in officer.get("/beds").text
        with time_machine.travel(clock.now(), tick=False):
            first = live()
            assert live(known=first).status_code == 304
            admit(
                session,
                bed_id=beds[0].id,
                resident_id=make_resident(session).id,
                admitted_on=clock.today(),
            )
            session.commit()
            overview_keeping.forget()
            assert live(known=first).status_code == 200

    def test_of_another_day_stays_as_it_was(self, officer, beds):
        yesterday = clock.today() - timedelta(days=1)
        page = officer.get(f"/beds?day={yesterday}").text
        # Nothing asks again but the bell in the header, once.
        assert re.findall(r'hx-trigger="([^"]*)"', page) == ["load"]
        assert page.count("hx-trigger") == 1

    def test_of_other_filters_is_another_answer(self, live, beds):
        assert live("?kind=medical", known=live()).status_code == 200


def test_an_auditor_asks_for_a_moment_of_a_day(session, sit_down, beds, figures):
    now = clock.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False):
        admit(
            session,
            bed_id=beds[0].id,
            resident_id=make_resident(session).id,
            admitted_on=clock.today(),
        )
    session.commit()
    auditor = sit_down(Role.AUDITOR)
    at = now.astimezone(clock.CITY)
    before = at - timedelta(seconds=1)
    for moment, occupied in ((at, "1"), (before, "0")):
        page = auditor.get(f"/beds?known={moment:%Y-%m-%d}&known_time={moment:%H:%M:%S}").text
        assert figures(page)["占用"] == occupied

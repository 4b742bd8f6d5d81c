"""listFindings, takeFinding, settleFinding: what does not fit is looked into by people."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.models import EndReason
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_canteen, make_site
from tests.factories.people import make_resident

COUNTY = "140502"


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def meal(session, mother):
    """A meal that was collected by somebody who had died."""
    canteen = make_canteen(session, name="建设路食堂")
    evidence = {
        "departure_id": 1,
        "departure": "died",
        "happened_on": "2026-11-01",
        "booking_id": 7,
        "canteen_id": canteen.site_id,
        "service_on": "2026-11-03",
        "subsidy_fen": 300,
    }
    suspicion = Suspicion(FindingKind.MEAL_AFTER_DEPARTURE, "booking:7", mother.id, evidence)
    return put_findings(session, [suspicion])[0].id


@pytest.fixture
def hardship(session, mother):
    evidence = {"departure": "died", "happened_on": "2026-11-01", "starts_on": "2026-11-09"}
    suspicion = Suspicion(
        FindingKind.HARDSHIP_AFTER_DEPARTURE, "hardship_period:1", mother.id, evidence
    )
    return put_findings(session, [suspicion])[0].id


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)


@pytest.fixture
def auditor(sit_down):
    return sit_down(Role.AUDITOR)


def take(desk, finding, days=7):
    due_on = clock.today() + timedelta(days=days)
    return desk.post(f"/findings/{finding}/owner", {"due_on": due_on.isoformat()})


def settle(desk, finding, came_to="true", note="家属代领，已核实"):
    return desk.post(f"/findings/{finding}/outcome", {"came_to": came_to, "note": note})


def state_of(session, finding):
    session.commit()
    query = text("SELECT state, note FROM finding WHERE id = :id")
    return tuple(session.execute(query, {"id": finding}).one())


class TestTheList:
    def test_it_says_in_plain_words_what_does_not_fit(self, county, meal, hardship):
        page = county.get("/findings").text

        assert "已登记离世（2026-11-01）" in page
        assert "2026-11-03 在建设路食堂取了一餐，其中补贴 3.00 元" in page
        assert "自 2026-11-09 起又认定了困难类别" in page
        assert "李秀英" not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [("kind=meal_after_departure", 1), ("state=open", 2), ("state=closed", 0), ("", 2)],
    )
    def test_it_is_narrowed(self, county, meal, hardship, query, shown):
        assert county.get(f"/findings?{query}").text.count("已登记离世") == shown

    def test_it_is_narrowed_by_canteen(self, session, county, meal, hardship):
        site = text("SELECT evidence ->> 'canteen_id' FROM finding WHERE id = :id")
        number = session.execute(site, {"id": meal}).scalar_one()

        assert county.get(f"/findings?site_id={number}").text.count("已登记离世") == 1
        assert county.get("/findings?site_id=999999").text.count("已登记离世") == 0

    def test_another_county_sees_none(self, sit_down, session, meal):
        far = make_resident(session, name="王桂兰", village_code=OTHER_COUNTY_VILLAGE)
        session.commit()
        elsewhere = sit_down(Role.COUNTY_OFFICER, division_code="140521")

        assert far.id
        assert "已登记离世" not in elsewhere.get("/findings").text
        assert elsewhere.get(f"/findings/{meal}").status_code == 404

    def test_it_goes_out_as_a_file_with_stars(self, county, meal, hardship):
        answer = county.get("/findings/export.csv?kind=meal_after_departure")

        rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert len(rows) == 2
        assert "李秀英" not in answer.text
        assert county.get("/findings/export.xlsx").status_code == 200

    def test_its_statements_do_not_grow_with_its_lines(self, session, county, meal, statements):
        with statements() as few:
            county.get("/findings")
        for number in range(4):
            other = make_resident(session)
            put_findings(
                session,
                [Suspicion(FindingKind.MEAL_AFTER_DEPARTURE, f"booking:9{number}", other.id, {})],
            )
        with statements() as many:
            county.get("/findings")

        assert len(many) == len(few)


class TestLookingIntoOne:
    def test_it_is_taken_settled_and_closed(self, session, county, meal):
        assert take(county, meal).status_code == 303
        assert settle(county, meal).status_code == 303
        assert state_of(session, meal) == ("true", "家属代领，已核实")

        assert county.post(f"/findings/{meal}/closing", {"note": "补贴已追回"}).status_code == 303
        assert state_of(session, meal) == ("closed", "补贴已追回")

    def test_money_is_asked_back_before_it_is_closed(self, session, county, meal):
        take(county, meal)
        settle(county, meal)
        back = f"/findings/{meal}/recovery"

        assert county.post(back, {"amount": "0", "how": "由本人退回"}).status_code == 422
        assert county.post(back, {"amount": "12.50", "how": "由本人退回"}).status_code == 303
        assert state_of(session, meal) == ("recovering", "由本人退回")
        assert "12.50" in county.get(f"/findings/{meal}").text
        assert county.post(f"/findings/{meal}/closing", {"note": "已退回"}).status_code == 303
        assert state_of(session, meal) == ("closed", "已退回")

    def test_a_false_alarm_says_why(self, session, auditor, meal):
        take(auditor, meal)
        assert settle(auditor, meal, "false_alarm", "").status_code == 422
        assert settle(auditor, meal, "false_alarm", "登记日期有误").status_code == 303

        assert state_of(session, meal) == ("false_alarm", "登记日期有误")

    def test_it_is_taken_before_it_is_settled(self, session, county, meal):
        answer = settle(county, meal)

        assert answer.status_code == 409
        assert "请先领取" in answer.text
        assert state_of(session, meal) == ("open", None)

    def test_what_one_has_taken_another_does_not_settle(self, session, county, auditor, meal):
        take(county, meal)

        assert take(auditor, meal).status_code == 409
        assert settle(auditor, meal).status_code == 409
        assert state_of(session, meal) == ("open", None)

    def test_what_is_settled_stays(self, session, county, meal):
        take(county, meal)
        settle(county, meal)

        assert settle(county, meal, "false_alarm").status_code == 409
        assert take(county, meal).status_code == 409

    def test_a_day_that_has_passed_is_no_deadline(self, county, meal):
        answer = take(county, meal, days=-1)

        assert answer.status_code == 422
        assert "今天或以后" in answer.text

    def test_a_worker_of_a_village_does_neither(self, sit_down, meal):
        worker = sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)

        assert worker.get("/findings").status_code == 403
        assert take(worker, meal).status_code == 403


@pytest.fixture
def death(session, mother):
    """A home has ended a stay because of a death."""
    bed = make_bed(session, site=make_site(session, name="桑榆里养老院"))
    stay = admit(session, bed_id=bed.id, resident_id=mother.id, admitted_on=clock.today())
    discharge(session, stay.id, ended_on=clock.today(), reason=EndReason.DIED)
    return session.execute(text("SELECT id FROM finding")).scalar_one()


def answer(desk, finding, came_to, **changed):
    form = {"came_to": came_to, "note": "家属来电"} | changed
    return desk.post(f"/findings/{finding}/death", form)


def stands(session):
    query = "SELECT (SELECT status FROM stay), (SELECT count(*) FROM departure), state FROM finding"
    session.expire_all()
    return tuple(session.execute(text(query)).one())


def test_a_death_told_by_a_home_is_confirmed_and_so_reported(session, county, death):
    page = county.get(f"/findings/{death}").text
    assert "桑榆里养老院" in page
    assert "这位老人是否已离世" in page
    assert answer(county, death, "true").status_code == 303
    assert stands(session) == ("ended", 1, "true")


def test_a_death_told_by_mistake_lets_the_stay_go_on(session, county, death):
    assert answer(county, death, "false_alarm").status_code == 303
    assert stands(session) == ("staying", 0, "false_alarm")


def test_a_death_that_cannot_have_been_is_refused(session, county, death):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert answer(county, death, "true", died_on=tomorrow).status_code == 422
    assert answer(county, death, "true", note="").status_code == 422
    assert stands(session) == ("ended", 0, "open")


def test_a_death_is_not_settled_as_if_nothing_followed(session, county, auditor, death, meal):
    assert take(county, death).status_code == 404
    assert settle(county, death).status_code == 404
    assert answer(auditor, death, "true").status_code == 403
    assert answer(county, meal, "true").status_code == 404
    assert "这位老人是否已离世" not in auditor.get(f"/findings/{death}").text


def test_a_return_that_differs_leads_to_what_the_records_count_that_day(county, session):
    home = make_site(session)
    evidence = {
        "day": "2026-11-03",
        "bed_kind": "medical",
        "filed": {"usable": 9, "occupied": 8, "on_leave": 0},
        "counted": {"usable": 9, "occupied": 7, "on_leave": 0},
    }
    suspicion = Suspicion(
        FindingKind.RETURN_DIFFERS, "bed_return:5", None, evidence, site_id=home.id
    )
    [found] = put_findings(session, [suspicion])

    page = county.get(f"/findings/{found.id}").text
    there = f"/beds/{home.id}/history?kind=medical&amp;days=365#day-2026-11-03"

    assert there in page
    path = there.removesuffix("#day-2026-11-03").replace("&amp;", "&")
    assert county.get(path).status_code == 200


def test_whose_findings_are_shown_is_asked_in_the_word_for_all_facilities(county, meal):
    page = county.get("/findings").text

    assert '<label class="field__label" for="site_id">机构</label>' in page

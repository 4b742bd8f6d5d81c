"""At the desks of a home that teaches and of the county: from the course to the certificate."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event, text

from server import clock
from server.caregivers.models import Caregiver
from server.caregivers.training import door
from server.caregivers.training.attending import Noted, close_meeting, keep_list
from server.caregivers.training.models import CourseKind
from server.caregivers.training.queries import list_meetings
from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.training import AN_HOUR, home_of, make_course, make_session, make_trainees

COUNTY = "140502"
COURSE = {
    "name": "养老护理员五级", "kind": "skill", "level": "5", "hours": "40", "least_percent": "80",
    "pass_mark": "60", "issuer": "晋城市职业技能鉴定中心",
    "cost": "120.50", "gives_certificate": "true",
}  # fmt: skip


@pytest.fixture
def site(session):
    return make_site(session, name="康乐养老院")


@pytest.fixture
def home(sit_down, site):
    return sit_down(Role.FACILITY_OPERATOR, site_id=site.id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)


@pytest.fixture
def run(session, site):
    course = make_course(
        session, home_of(site), name="养老护理员五级", kind=CourseKind.SKILL,
        has_exam=True, pass_mark=60, issuer="晋城市职业技能鉴定中心",
    )  # fmt: skip
    return make_session(session, course, capacity=2)


def one(session, query):
    return session.execute(text(query)).scalar_one()


class TestPlanning:
    def test_a_home_puts_a_course_up_and_plans_and_publishes_a_session(self, session, home, site):
        answer = home.post("/training/courses", COURSE | {"held_at": f"s{site.id}"})
        assert answer.status_code == 303
        assert "养老护理员五级" in home.get("/training/courses").text

        course_id = one(session, "SELECT id FROM course")
        assert home.get(f"/training/sessions/new?course={course_id}").status_code == 200
        day = clock.today() + timedelta(days=10)
        answer = home.post("/training/sessions", {
            "course": str(course_id), "place": "实训室", "teacher": "王老师", "capacity": "30",
            "first_day": day.isoformat(), "begins": "09:00", "ends": "11:30", "meetings": "3",
            "every": "week", "enrol_until": f"{day - timedelta(days=1)}T18:00",
        })  # fmt: skip
        assert answer.status_code == 303
        there = answer.headers["Location"].removeprefix("/admin")
        assert home.post(f"{there}/publication").status_code == 303
        assert "实训室" in home.get(there).text
        starts = session.execute(text("SELECT starts_at FROM course_meeting ORDER BY starts_at"))
        nine = datetime.combine(day, time(9), clock.CITY)
        assert list(starts.scalars()) == [nine + timedelta(days=7 * at) for at in range(3)]

    @pytest.mark.parametrize(
        "wrong", [{"level": ""}, {"kind": "safety"}, {"cost": "1.005"}, {"hours": "0"}]
    )
    def test_a_course_that_cannot_be_is_refused(self, home, site, wrong):
        answer = home.post("/training/courses", COURSE | {"held_at": f"s{site.id}"} | wrong)

        assert answer.status_code == 422

    def test_nobody_keeps_a_course_for_another_home(self, session, home):
        other = make_site(session, name="别处")

        assert (
            home.post("/training/courses", COURSE | {"held_at": f"s{other.id}"}).status_code == 404
        )

    def test_a_course_is_offered_no_longer(self, session, home, run):
        answer = home.post(f"/training/courses/{run.course_id}/offer", {"is_offered": "false"})

        assert answer.status_code == 303
        assert one(session, "SELECT is_offered FROM course") is False

    def test_unknown_filters_are_refused(self, home):
        assert home.get("/training/sessions?colour=red").status_code == 422

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_lists_can_be_taken_out(self, home, run, ending):
        for path in ("sessions", "courses", "overview/trained", "overview/money"):
            assert home.get(f"/training/{path}/export.{ending}").status_code == 200

    def test_a_list_takes_as_many_queries_for_one_as_for_many(self, session, home, run, counted):
        few = counted(lambda: home.get("/training/sessions"))
        for _ in range(4):
            make_session(session)

        assert counted(lambda: home.get("/training/sessions")) == few


@pytest.fixture
def counted(connection):
    """Count the statements of what is done."""

    def counted(do):
        seen = []
        note = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", note)
        do()
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    return counted


class TestEnrolling:
    def test_a_home_enrols_several_of_its_own(self, session, home, site, run):
        people = [make_caregiver(session, site) for _ in range(3)]
        for person in people:
            make_employment(session, person)

        answer = home.post(
            f"/training/sessions/{run.id}/enrolments", {"caregivers": [str(p.id) for p in people]}
        )

        assert answer.status_code == 303
        page = home.get(f"/training/sessions/{run.id}").text
        assert page.count('<ol class="steps">') == 1
        assert one(session, "SELECT enrolled FROM course_session") == 2

    def test_nobody_of_another_home(self, session, home, run):
        stranger = make_caregiver(session, make_site(session, division_code=OTHER_COUNTY_VILLAGE))
        make_employment(session, stranger)

        answer = home.post(
            f"/training/sessions/{run.id}/enrolments", {"caregivers": [str(stranger.id)]}
        )

        assert answer.status_code == 404

    def test_taken_off_the_next_moves_up(self, session, home, site, run):
        first, _, _ = make_trainees(session, run, 3, site)

        assert home.post(f"/training/enrolments/{first.id}/end").status_code == 303
        assert one(session, "SELECT count(*) FROM enrolment WHERE state = 'enrolled'") == 2

    def test_nobody_by_a_home_they_have_left(self, session, sit_down, run):
        before, now = make_site(session), make_site(session, division_code=OTHER_COUNTY_VILLAGE)
        [enrolment] = make_trainees(session, run, 1, now)
        moved = session.get(Caregiver, enrolment.caregiver_id)
        make_employment(session, moved, before, ends_on=date(2023, 7, 16), is_full_time=False)
        former = sit_down(Role.FACILITY_OPERATOR, site_id=before.id)
        present = sit_down(Role.FACILITY_OPERATOR, site_id=now.id)
        at = f"/training/enrolments/{enrolment.id}/end"

        assert former.post(at).status_code == 404
        assert one(session, "SELECT state FROM enrolment") == "enrolled"
        assert present.post(at).status_code == 303

    def test_places_costs_and_a_moved_class(self, session, home, site, run):
        make_trainees(session, run, 3, site)
        meeting = list_meetings(session, run.id)[0]
        there = f"/training/sessions/{run.id}"

        assert home.post(f"{there}/places", {"capacity": "1"}).status_code == 409
        assert home.post(f"{there}/places", {"capacity": "3"}).status_code == 303
        assert home.post(f"{there}/costs", {"teaching": "800", "venue": "12.5"}).status_code == 303
        moved = (meeting.starts_at - 2 * AN_HOUR).astimezone(clock.CITY)
        answer = home.post(f"/training/sessions/meetings/{meeting.id}/move", {
            "starts_at": f"{moved:%Y-%m-%dT%H:%M}", "ends_at": f"{moved + AN_HOUR:%Y-%m-%dT%H:%M}",
        })  # fmt: skip
        assert answer.status_code == 303
        assert one(session, "SELECT venue_fen FROM course_session") == 1250

    def test_called_off_for_a_reason(self, session, home, run):
        there = f"/training/sessions/{run.id}"

        assert home.post(f"{there}/cancellation", {"reason": ""}).status_code == 422
        assert home.post(f"{there}/cancellation", {"reason": "停电"}).status_code == 303
        assert "停电" in home.get(there).text


class TestTheDoor:
    @pytest.fixture
    def meeting(self, session, run):
        return list_meetings(session, run.id)[0]

    @pytest.fixture
    def begun(self, meeting, time_machine):
        """The class begins; whoever sits down does so afterwards."""
        time_machine.move_to(meeting.starts_at)

    def test_it_shows_no_code_days_before(self, meeting, home):
        assert "现在不能签到" in home.get(f"/training/meetings/{meeting.id}/door").text

    def test_it_shows_a_code_at_the_class(self, meeting, begun, home):
        page = home.get(f"/training/meetings/{meeting.id}/door").text
        digits = [
            door.code_of(meeting.id, clock.now() - ago).typed for ago in (AN_HOUR * 0, door.STEP)
        ]
        assert any(f"{one[:3]} {one[3:]}" in page for one in digits)
        assert "<svg" in page

    def test_it_renews_itself(self, meeting, begun, home):
        live = f"/training/meetings/{meeting.id}/door/live"

        assert home.get(live).status_code == 303
        assert "course-door" in home.get(live, **{"HX-Request": "true"}).text

    @pytest.fixture
    def over(self, session, site, run, meeting, time_machine):
        """Two trainees enrolled, and the class is over."""
        people = make_trainees(session, run, 2, site)
        time_machine.move_to(meeting.ends_at)
        return people

    def test_the_list_is_keyed_in_on_one_screen(self, session, meeting, over, home):
        first, second = over
        there = f"/training/meetings/{meeting.id}/list"
        assert home.get(there).status_code == 200

        assert (
            home.post(there, {f"there_{first.id}": "yes", f"came_{first.id}": "9"}).status_code
            == 422
        )
        answer = home.post(there, {f"there_{first.id}": "yes", f"there_{second.id}": "no"})

        assert answer.status_code == 303
        minutes = session.execute(
            text("SELECT minutes FROM course_attendance ORDER BY enrolment_id")
        )
        assert list(minutes.scalars()) == [120, 0]
        assert home.post(f"/training/meetings/{meeting.id}/closing").status_code == 303
        assert one(session, "SELECT sum(minutes) FROM continuing_education") == 120


class TestToTheCertificate:
    @pytest.fixture
    def attended(self, session, site, run, time_machine):
        """Two trainees were at every class."""
        people = make_trainees(session, run, 2, site)
        for meeting in list_meetings(session, run.id):
            time_machine.move_to(meeting.ends_at + AN_HOUR)
            keep_list(session, meeting.id, [Noted(p.id, meeting.starts_at) for p in people])
            close_meeting(session, meeting.id)
        return people

    def test_entered_confirmed_issued_printed_and_frozen(
        self, session, run, attended, home, county
    ):
        there = f"/training/sessions/{run.id}"
        answer = home.get(f"{there}/results")
        assert answer.status_code == 200, answer.headers
        scores = {f"score_{attended[0].id}": "88", f"score_{attended[1].id}": "41"}
        day = {"sat_on": clock.today().isoformat()}
        assert home.post(f"{there}/results", day | {"score_1": "x"}).status_code == 422
        assert home.post(f"{there}/results", day | scores).status_code == 303
        assert home.post(f"{there}/confirmation").status_code == 403

        assert "确认成绩" in county.get(there).text
        assert county.post(f"{there}/confirmation").status_code == 303
        assert county.post(f"{there}/certificates").status_code == 303
        assert county.post(f"{there}/subsidies").status_code == 303

        number = one(session, "SELECT id FROM completion_certificate")
        paper = home.get(f"/training/certificates/{number}.pdf")
        assert paper.data[:5] == b"%PDF-"
        page = county.get(there).text
        assert "首次取证补贴" in page
        assert "没有结业" in page
        overview = county.get("/training/overview").text
        assert "合格率" in overview
        assert "2,000" in overview

    def test_whoever_entered_does_not_confirm(self, session, run, attended, county):
        there = f"/training/sessions/{run.id}"
        day = {"sat_on": clock.today().isoformat(), f"score_{attended[0].id}": "88"}

        assert county.post(f"{there}/results", day).status_code == 303
        answer = county.post(f"{there}/confirmation")
        assert answer.status_code == 409
        assert "另一位同事" in answer.text

    def test_a_certificate_is_taken_back(self, session, run, attended, home, county):
        there = f"/training/sessions/{run.id}"
        day = {"sat_on": clock.today().isoformat(), f"score_{attended[0].id}": "88"}
        home.post(f"{there}/results", day)
        county.post(f"{there}/confirmation")
        county.post(f"{there}/certificates")
        number = one(session, "SELECT id FROM completion_certificate")

        answer = county.post(f"/training/certificates/{number}/annulment", {"reason": "替考"})

        assert answer.status_code == 303
        assert "badge--danger" in county.get(there).text


class TestContests:
    def test_from_the_entrants_to_the_ranks(self, session, county, site):
        people = [make_caregiver(session, site) for _ in range(3)]
        for person in people:
            make_employment(session, person)
        answer = county.post("/training/contests", {
            "held_at": f"d{COUNTY}", "name": "护理员技能大赛", "level": "county",
            "held_on": clock.today().isoformat(), "place": "体育馆", "organiser": "区民政局",
        })  # fmt: skip
        assert answer.status_code == 303
        there = answer.headers["Location"].removeprefix("/admin")
        assert county.post(f"{there}/publication").status_code == 409

        assert (
            county.post(
                f"{there}/entrants", {"caregivers": [str(p.id) for p in people]}
            ).status_code
            == 303
        )
        scores = dict(zip((f"score_{p.id}" for p in people), ("87.5", "91", "87.5"), strict=True))
        assert (
            county.post(f"{there}/scores", scores | {f"score_{people[0].id}": "9.999"}).status_code
            == 422
        )
        assert (
            county.post(f"{there}/scores", scores | {f"award_{people[1].id}": "一等奖"}).status_code
            == 303
        )
        assert county.post(f"{there}/publication").status_code == 303

        ranks = session.execute(
            text("SELECT rank FROM contest_entrant ORDER BY caregiver_id")
        ).scalars()
        assert list(ranks) == [2, 1, 2]
        assert county.post(f"{there}/scores", scores).status_code == 409
        assert county.get("/training/contests").status_code == 200
        assert county.get(f"{there}/export.csv").status_code == 200

    def test_a_home_holds_none(self, home):
        assert home.get("/training/contests").status_code == 200
        assert home.post("/training/contests", {}).status_code == 403

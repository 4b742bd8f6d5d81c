"""What a course says is mended until a session of it is published."""

import pytest
from sqlalchemy import text

from server.caregivers.training.keeping import cancel_session
from server.identity.models import Role
from tests.factories.meals import make_site
from tests.factories.training import home_of, make_course, make_session

CHANGED = {
    "name": "养老护理员五级", "hours": "48", "least_percent": "75", "cost": "99.50",
    "about": "基础照护",
}  # fmt: skip


@pytest.fixture
def site(session):
    return make_site(session, name="康乐养老院")


@pytest.fixture
def home(sit_down, site):
    return sit_down(Role.FACILITY_OPERATOR, site_id=site.id)


@pytest.fixture
def run(session, site):
    return make_session(session, make_course(session, home_of(site), name="失智照护"))


def test_a_course_is_mended_before_a_session_is_published(session, home, site):
    course = make_course(session, home_of(site), name="养老护理员五极")
    make_session(session, course, capacity=2, is_published=False)
    at = f"/training/courses/{course.id}"
    assert at in home.get("/training/courses").text
    assert "养老护理员五极" in home.get(at).text

    answer = home.post(at, CHANGED)

    assert answer.status_code == 303
    session.refresh(course)
    assert (course.name, course.minutes, course.least_percent, course.cost_fen) == (
        "养老护理员五级", 48 * 60, 75, 9950,
    )  # fmt: skip
    told = text("SELECT count(*) FROM act WHERE action = 'courses.edit'")
    assert session.execute(told).scalar_one() == 1


@pytest.mark.parametrize("field", sorted(CHANGED.keys() - {"about"}))
def test_what_people_enrolled_for_stays(session, home, run, field):
    at = f"/training/courses/{run.course_id}"
    before = tuple(session.execute(text("SELECT * FROM course")).one())
    shown = home.get(at).text
    assert "已有班次发布" in shown
    assert 'name="hours"' not in shown

    answer = home.post(at, {field: CHANGED[field]})

    assert answer.status_code == 409
    assert "已有班次发布" in answer.text
    assert tuple(session.execute(text("SELECT * FROM course")).one()) == before


def test_what_it_is_about_may_be_said_better_at_any_time(session, home, run):
    answer = home.post(f"/training/courses/{run.course_id}", {"about": CHANGED["about"]})

    assert answer.status_code == 303
    assert session.execute(text("SELECT about FROM course")).scalar_one() == CHANGED["about"]


@pytest.mark.parametrize(
    "wrong",
    [{"name": "长" * 101}, {"hours": "0"}, {"least_percent": "101"}, {"cost": "-1"}, {"x": "1"}],
)
def test_a_change_that_cannot_be_is_refused(session, home, run, wrong):
    assert home.post(f"/training/courses/{run.course_id}", wrong).status_code == 422


def test_nobody_else_changes_a_course(session, sit_down, run):
    other = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session, name="别处").id)
    auditor = sit_down(Role.AUDITOR)
    at = f"/training/courses/{run.course_id}"

    assert other.get(at).status_code == 404
    assert other.post(at, {"about": "别的"}).status_code == 404
    assert auditor.post(at, {"about": "别的"}).status_code == 403


def test_a_session_that_was_called_off_binds_nobody(session, home, run):
    cancel_session(session, run.id, reason="停课")

    assert home.post(f"/training/courses/{run.course_id}", CHANGED).status_code == 303

"""showReturn, repeat, file: a home files its day with one tap or five numbers."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.models import BedKind
from server.identity.models import Role
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.returns import make_return

TODAY = clock.today()
PAGE = "/facilities/returns"


@pytest.fixture
def home(session):
    return make_site(session, name="甲院")


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


def numbers(**changed):
    values = {
        "kind": "institution",
        "day": TODAY.isoformat(),
        "licensed": "100",
        "usable": "90",
        "occupied": "61",
        "on_leave": "2",
    }
    return values | changed


def filed(session):
    query = "SELECT day, occupied, is_unchanged FROM bed_return ORDER BY day"
    return [tuple(row) for row in session.execute(text(query))]


def test_one_tap_files_the_same_as_yesterday(session, operator, home):
    make_return(session, home, ago=1)
    assert "与昨天一样" in operator.get(PAGE).text

    for _ in range(2):
        answer = operator.post(f"{PAGE}/{home.id}/unchanged")
        assert answer.status_code == 303
    assert filed(session)[1:] == [(TODAY, 60, True)]

    after = operator.get(PAGE).text
    assert "今天的床位日报已报送" in after
    assert "与昨天一样" not in after


def test_five_numbers_are_filed_and_corrected(session, operator, home):
    assert operator.post(f"{PAGE}/{home.id}", numbers()).status_code == 303
    answer = operator.post(f"{PAGE}/{home.id}", numbers(occupied="62", nursing_occupied="9"))
    assert answer.status_code == 303
    assert filed(session) == [(TODAY, 62, False)]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"occupied": "89"}, "数字对不上"),
        ({"occupied": "abc"}, "在住"),
        ({"day": (TODAY - timedelta(days=1)).isoformat()}, "请写明原因"),
        ({"day": (TODAY - timedelta(days=30)).isoformat(), "reason": "补报"}, "日期要在"),
    ],
)
def test_what_cannot_be_filed_is_said_and_leaves_nothing(session, operator, home, changed, told):
    answer = operator.post(f"{PAGE}/{home.id}", numbers(**changed))
    assert answer.status_code == 422
    assert told in answer.text
    assert filed(session) == []


def test_the_reason_of_a_past_day_stands_in_the_trail(session, operator, home):
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    operator.post(f"{PAGE}/{home.id}", numbers(day=yesterday, reason="数错了"))
    line = text("SELECT body::jsonb #>> '{who,reason}' FROM trail_entry"
                " WHERE table_name = 'bed_return'")  # fmt: skip
    assert session.execute(line).scalar_one() == "数错了"


def test_a_home_without_any_return_has_no_tap_and_is_told_so(operator, home):
    assert "与昨天一样" not in operator.get(PAGE).text
    answer = operator.post(f"{PAGE}/{home.id}/unchanged")
    assert answer.status_code == 409
    assert "以前没有报过" in answer.text


def test_another_home_is_not_there(session, operator):
    other = make_site(session)
    make_return(session, other, ago=1)
    for address in (f"{PAGE}/{other.id}/unchanged", f"{PAGE}/{other.id}"):
        assert operator.post(address, numbers()).status_code == 404
    assert operator.get(f"{PAGE}?site={other.id}").status_code == 404


def test_filed_stands_beside_counted_where_beds_are_kept_here(session, operator, home):
    make_beds(session, 3, site=home)
    make_return(session, home, licensed=3, usable=3, occupied=2, on_leave=0)
    page = operator.get(PAGE).text
    assert "填报数与系统记录" in page
    assert "badge--look" in page


def test_kinds_of_beds_are_chosen_where_there_are_several(session, operator, home):
    make_return(session, home, ago=1)
    make_return(session, home, ago=1, kind=BedKind.HOSPICE)
    page = operator.get(f"{PAGE}?kind=hospice").text
    assert "安宁疗护床位" in page
    operator.post(f"{PAGE}/{home.id}/unchanged")
    assert len(filed(session)) == 4


def test_offices_that_run_no_home_may_not_file(sit_down, home):
    assert sit_down(Role.CITY_OFFICER).get(PAGE).status_code == 403


def test_whose_beds_are_counted_here_is_not_pressed_to_file(session, operator, home):
    make_return(session, home, ago=1)
    pressing = "button--go button--big button--wide return__repeat"
    assert pressing in operator.get(PAGE).text

    make_beds(session, 1, site=home)
    assert pressing not in operator.get(PAGE).text


def test_a_home_that_is_counted_here_has_nothing_to_file_and_is_told_so(session, operator, home):
    make_return(session, home, ago=1)
    make_beds(session, 2, site=home)

    page = operator.get(PAGE).text
    assert "不用填报" in page
    assert "与昨天一样" not in page
    assert f'href="/admin/beds/{home.id}"' in page
    for answer in (
        operator.post(f"{PAGE}/{home.id}/unchanged"),
        operator.post(f"{PAGE}/{home.id}", numbers()),
    ):
        assert answer.status_code == 409
        assert "自动计数，不用再报" in answer.text
    assert len(filed(session)) == 1

"""The duty desk: who calls for help now, one button, how it ended, and how soon it was."""

from datetime import timedelta

import pytest

from server import clock
from server.homecare.alarms.escalating import call_next
from server.homecare.alarms.models import AlarmState
from server.identity.models import Role
from tests.factories.alarms import make_alarm, make_contact

PART = {"HX-Request": "true"}


@pytest.fixture
def alarm(session, bed):
    make_contact(session, bed, "李小红", phone="+8613700001234")
    made = make_alarm(session, bed, ago=100)
    call_next(session)
    return made


@pytest.fixture
def staff(hire, site):
    return hire(Role.HOME_CARE_PROVIDER, site_id=site.id, name="白班")


def test_the_provider_sees_who_since_when_and_who_was_called(manager, alarm):
    page = manager.get("/homecare/alarms").text

    assert all(words in page for words in ("李秀英", "紧急呼叫", "李小红", "tel:+8613700001234"))
    assert ">13700001234<" in page
    assert f'data-since="{alarm.raised_at.isoformat()}"' in page
    assert "我来处理" in page


def test_the_county_looks_on_masked_and_answers_nothing(county, alarm):
    page = county.get("/homecare/alarms").text

    assert "李**" in page
    assert all(words not in page for words in ("李秀英", "李小红", "13700001234", "我来处理"))
    assert county.post(f"/homecare/alarms/{alarm.id}/hand").status_code == 403


def test_another_provider_knows_nothing_of_it(other_manager, alarm):
    assert "李" not in other_manager.get("/homecare/alarms").text.partition("<main")[2]
    assert other_manager.get(f"/homecare/alarms/{alarm.id}").status_code == 404
    assert other_manager.post(f"/homecare/alarms/{alarm.id}/hand").status_code == 404


def test_one_press_one_word_and_it_is_over(manager, session, alarm):
    assert manager.post(f"/homecare/alarms/{alarm.id}/hand").status_code == 303
    page = manager.get(f"/homecare/alarms/{alarm.id}").text
    assert "结果如何" in page
    assert "等了 1:4" in page

    closing = f"/homecare/alarms/{alarm.id}/closing"
    assert manager.post(closing, {"note": "扶起"}).status_code == 422
    assert manager.post(closing, {"outcome": "helped", "note": "扶起"}).status_code == 303

    session.expire_all()
    assert (alarm.state, alarm.note) == (AlarmState.CLOSED, "扶起")
    assert "现在没有报警" in manager.get("/homecare/alarms").text


def test_a_colleague_reads_who_was_first(manager, deputy, alarm):
    manager.post(f"/homecare/alarms/{alarm.id}/hand")

    late = deputy.post(f"/homecare/alarms/{alarm.id}/hand")

    assert late.status_code == 409
    assert "已经在处理" in late.text


def test_it_asks_for_itself_and_is_drawn_when_something_changed(manager, session, alarm):
    first = manager.get("/homecare/alarms/live", **PART)
    known = PART | {"If-None-Match": first.headers["ETag"]}
    assert manager.get("/homecare/alarms/live", **known).status_code == 304

    manager.post(f"/homecare/alarms/{alarm.id}/hand")

    assert manager.get("/homecare/alarms/live", **known).status_code == 200


def test_what_was_is_found_by_filters_and_taken_along(manager, session, bed, staff):
    for seconds, outcome in ((30, "helped"), (600, "false_alarm")):
        make_alarm(
            session, bed, ago=3600, answered=(staff, seconds), state=AlarmState.CLOSED,
            closed_at=clock.now(), outcome=outcome, note=f"用了{seconds}秒",
        )  # fmt: skip
    since = clock.today() - timedelta(days=1)
    late = f"/homecare/alarms/history?since={since}&answered=late"

    page = manager.get(late).text
    file = manager.get(late.replace("history", "history/export.csv")).text

    assert "用了600秒" in page
    assert "用了30秒" not in page
    assert "10:00" in file
    assert "李秀英" not in file


def test_offices_compare_and_every_number_opens_its_rows(county, session, bed, staff, site):
    for seconds in (30, 100, 600):
        make_alarm(session, bed, ago=3600, answered=(staff, seconds))
    since = clock.today() - timedelta(days=1)

    page = county.get(f"/homecare/alarms/providers?since={since}").text
    file = county.get(f"/homecare/alarms/providers/export.csv?since={since}").text

    assert f"site={site.id}&amp;answered=in_time" in page
    assert "66 %" in page
    assert "安康居家,3,2,1,0,100" in file

"""A visit is carried elsewhere on the roster; before it is put down it is said whether it fits."""

from datetime import time

import pytest

from tests.admin.homecare.conftest import TOMORROW
from tests.admin.homecare.test_roster import row_of
from tests.factories.homecare import HERE, make_visit


def asked(manager, visit, worker, day=TOMORROW):
    address = f"/care/roster/fit?visit={visit.id}&worker={worker.id}&day={day}"
    return manager.get(address).json


def test_what_fits_is_said_to_fit(manager, visit, colleague):
    assert asked(manager, visit, colleague) == {"may": True, "words": "放在这里合适。"}


def test_a_clash_is_said(manager, session, visit, colleague, settle_in):
    make_visit(session, settle_in("王桂兰"), colleague, on=TOMORROW, at=time(9, 30))

    answer = asked(manager, visit, colleague)
    assert answer == {"may": False, "words": "这位护理员那个时间已有上门。"}


def test_too_little_time_on_the_way_is_said_and_left_to_the_provider(
    manager, session, visit, colleague, settle_in
):
    far = settle_in("王桂兰")
    far.x = HERE[0] + 0.2
    make_visit(session, far, colleague, on=TOMORROW, at=time(10, 10))

    answer = asked(manager, visit, colleague)
    assert answer == {"may": True, "words": "可以放，但两家之间路上时间不够。"}


def test_another_provider_asks_nothing_about_it(other_manager, visit, colleague):
    answer = asked(other_manager, visit, colleague)

    assert not answer["may"]
    assert "段暖" not in answer["words"]


def test_it_is_put_down_at_its_own_hour(manager, session, visit, colleague):
    before = row_of(session, visit).starts_at
    form = {"visit": visit.id, "worker": colleague.id, "day": str(TOMORROW)}

    assert manager.post("/care/roster/moves", form).status_code == 303
    assert row_of(session, visit)[:2] == (colleague.id, before)


def test_where_it_does_not_fit_nothing_moves(manager, session, visit, colleague, settle_in):
    make_visit(session, settle_in("王桂兰"), colleague, on=TOMORROW)
    form = {"visit": visit.id, "worker": colleague.id, "day": str(TOMORROW)}

    answer = manager.post("/care/roster/moves", form)

    assert answer.status_code == 409
    assert row_of(session, visit).worker_id != colleague.id


@pytest.mark.parametrize("missing", ["visit", "worker", "day"])
def test_half_a_wish_is_none(manager, visit, colleague, missing):
    form = {"visit": visit.id, "worker": colleague.id, "day": str(TOMORROW)}
    del form[missing]

    assert manager.post("/care/roster/moves", form).status_code == 422

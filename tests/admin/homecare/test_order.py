"""The shortest way through a worker's day is proposed, and taken over by a button."""

import re
from datetime import time

import pytest

from tests.admin.homecare.conftest import TOMORROW
from tests.admin.homecare.test_roster import row_of
from tests.factories.homecare import HERE, make_visit


@pytest.fixture
def day(session, worker, visit, settle_in):
    """To and fro: the home in the middle is visited last."""
    for name, east, hour in (("王桂兰", 0.2, 12), ("张玉珍", 0.1, 15)):
        bed = settle_in(name)
        bed.x = HERE[0] + east
        make_visit(session, bed, worker, on=TOMORROW, at=time(hour))
    return f"/care/roster/order?worker={worker.id}&day={TOMORROW}"


def mark_of(page):
    return re.search(r'name="mark" value="([^"]*)"', page.text).group(1)


def test_it_is_shown_and_then_done(manager, session, worker, visit, day):
    page = manager.get(day)
    assert "路上少走" in page.text

    form = {"worker": worker.id, "day": str(TOMORROW), "accept": "true", "mark": mark_of(page)}
    assert manager.post("/care/roster/order", form).status_code == 303
    assert "现在的顺序已经最短" in manager.get(day).text


def test_an_hour_that_was_promised_is_kept(manager, session, worker, visit, day):
    form = {"worker": worker.id, "day": str(TOMORROW), "kept": [str(visit.id)]}

    page = manager.post("/care/roster/order", form)

    assert f'value="{visit.id}" checked' in page.text
    assert row_of(session, visit).starts_at == visit.starts_at


def test_what_was_read_is_what_is_done(manager, worker, day):
    form = {"worker": worker.id, "day": str(TOMORROW), "accept": "true", "mark": "1@09:00"}

    answer = manager.post("/care/roster/order", form)

    assert answer.status_code == 409
    assert "请再看一下新的顺序" in answer.text


def test_neither_county_nor_another_provider_orders_it(county, other_manager, worker, day):
    form = {"worker": worker.id, "day": str(TOMORROW)}

    assert county.post("/care/roster/order", form).status_code == 403
    assert other_manager.post("/care/roster/order", form).status_code == 404
    assert other_manager.get(day).status_code == 404

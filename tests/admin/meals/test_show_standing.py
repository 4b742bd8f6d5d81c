"""What stands every week at a canteen, what failed, and who waits."""

import csv
import io

import pytest

from server import clock
from server.identity.models import Role
from server.meals.standing.models import StandingRefusal
from tests.admin.belonging import OpensFor
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident
from tests.factories.standing import make_standing, make_waiting


class TestPage(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, canteen):
        return "/meals/standing"


class TestExport(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/standing/export.csv?canteen={canteen.site_id}"


@pytest.fixture
def order(session, canteen, seat):
    """Somebody whom the canteen knows orders every day; one day was full, another waits for."""
    sitting = make_sitting(session, canteen, in_days=1, dishes=())
    resident = session.get_one(type(make_resident(session)), seat(sitting).resident_id)
    order = make_standing(session, resident, canteen)
    now = clock.now()
    session.add(
        StandingRefusal(
            order_id=order.id, resident_id=resident.id, canteen_id=canteen.site_id,
            service_on=clock.today(), code="sitting-full", first_at=now, tried_at=now,
        )
    )  # fmt: skip
    make_waiting(session, resident, make_sitting(session, canteen, in_days=3, dishes=()))
    return order


def test_the_canteen_sees_who_eats_what_failed_and_who_waits(desk, order):
    shown = desk.get("/meals/standing").text

    assert "长期订餐 1 份" in shown
    assert "这一天已经订满了" in shown
    assert "候补中" in shown


def test_the_file_holds_the_same(desk, canteen, order):
    answer = desk.get(f"/meals/standing/export.csv?canteen={canteen.site_id}")

    [row] = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:2]
    assert row[:4] == ["李秀英", "午饭", "周一、周二、周三、周四、周五、周六、周日", "普通"]

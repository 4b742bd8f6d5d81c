"""showDeliveries, shareOut, exportDeliveries: who carries what to whom."""

import pytest

from server.identity.models import Role
from server.meals.models import Handing
from tests.admin.belonging import AcceptsFrom, OpensFor


class TestDeliveries(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self):
        return "/meals/deliveries"


class TestShareOut(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self):
        return "/meals/deliveries"

    @pytest.fixture
    def form(self, canteen, sitting, seat):
        bring(seat, sitting)
        return {"canteen": canteen.site_id, "sitting": sitting.id, "carriers": "老赵"}


def bring(seat, sitting, **given):
    return seat(sitting, handing=Handing.DELIVERY, **given)


@pytest.fixture
def share_out(desk, canteen, sitting):
    def send(carriers):
        form = {"canteen": canteen.site_id, "sitting": sitting.id, "carriers": carriers}
        return desk.post("/meals/deliveries", form)

    return send


def test_rounds_are_made_and_shown(desk, share_out, sitting, seat):
    for name in ("李秀英", "陈德福", "王桂兰"):
        bring(seat, sitting, name=name)
    seat(sitting, name="赵来取")

    assert share_out("老赵\n\n 小满 ").status_code == 303

    page = desk.get("/meals/deliveries").text
    assert "老赵" in page
    assert "小满" in page
    assert all(name in page for name in ("李秀英", "陈德福", "王桂兰"))
    assert "赵来取" not in page


def test_the_list_is_a_file_too(desk, share_out, sitting, seat, canteen):
    bring(seat, sitting, name="李秀英")
    share_out("老赵")

    answer = desk.get(f"/meals/deliveries/list.csv?canteen={canteen.site_id}")

    assert answer.status_code == 200
    assert "李秀英" in answer.text


def test_nobody_named_makes_no_round(share_out, sitting, seat):
    bring(seat, sitting)

    answer = share_out(" \n ")

    assert answer.status_code == 422
    assert "请写上送餐人" in answer.text


def test_what_is_in_a_round_stays_there(share_out, sitting, seat):
    bring(seat, sitting)
    share_out("老赵")

    assert share_out("小满").status_code == 409

"""showServe, serve: six digits in, a clear answer out."""

from datetime import timedelta

import pytest
import time_machine

from server import clock
from server.identity.models import Role
from server.meals.models import BookingStatus
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.factories.meals import make_canteen, make_sitting


class TestCounter(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self):
        return "/meals/serve"


class TestServe(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self):
        return "/meals/serve"

    @pytest.fixture
    def form(self, canteen):
        return {"canteen": canteen.site_id, "code": "482913"}


class TestTakeBack(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self):
        return "/meals/serve/undoing"

    @pytest.fixture
    def form(self, canteen):
        return {"canteen": canteen.site_id, "booking": 1, "reason": "按错了"}


@pytest.fixture
def serve(desk, canteen):
    def hand_in(code, **headers):
        form = {"canteen": canteen.site_id, "code": code}
        return desk.post("/meals/serve", form, **headers)

    return hand_in


def status_of(session, booking):
    session.commit()
    session.refresh(booking)
    return booking.status


@pytest.mark.parametrize("typed", ["482913", "482 913", " 482-913 ", "４８２９１３"])
def test_a_right_code_says_whose_meal_it_is(serve, sitting, seat, session, typed):
    booking = seat(sitting, name="李秀英", code="482913")

    response = serve(typed)

    assert response.status_code == 200
    assert "可以取餐" in response.text
    assert "李秀英" in response.text
    assert "answer--good" in response.text
    assert status_of(session, booking) is BookingStatus.COLLECTED


def test_a_code_pressed_twice_serves_once_and_says_so(serve, sitting, seat):
    seat(sitting, code="482913")
    serve("482913")

    again = serve("482913")

    assert again.status_code == 409
    assert "这份刚刚取走" in again.text
    assert "不用再发" in again.text


def undo(desk, canteen, booking):
    form = {"canteen": canteen.site_id, "booking": booking.id, "reason": "按错了"}
    return desk.post("/meals/serve/undoing", form)


def test_a_meal_handed_out_by_mistake_is_taken_back(serve, desk, canteen, sitting, seat, session):
    booking = seat(sitting, code="482913")
    assert "撤销" in serve("482913").text

    assert "已撤销" in undo(desk, canteen, booking).text

    assert status_of(session, booking) is BookingStatus.BOOKED
    assert "可以取餐" in serve("482913").text


def test_after_two_minutes_it_is_not(serve, desk, canteen, sitting, seat, session):
    booking = seat(sitting, code="482913")
    serve("482913")

    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        assert "按错了</button>" not in desk.get("/meals/serve").text
        answer = undo(desk, canteen, booking)

    assert answer.status_code == 409
    assert "超过两分钟" in answer.text
    assert status_of(session, booking) is BookingStatus.COLLECTED


def test_nothing_is_taken_back_at_another_canteen(desk, canteen, session, seat):
    elsewhere = seat(make_sitting(session, in_days=0), code="482913")

    assert undo(desk, canteen, elsewhere).status_code == 404


def test_an_old_collection_is_refused_with_its_time(serve, sitting, seat, session):
    booking = seat(sitting, name="李秀英", code="482913", status=BookingStatus.COLLECTED)
    booking.collected_at = clock.now() - timedelta(minutes=5)
    session.flush()
    told = booking.collected_at.astimezone(clock.CITY)

    response = serve("482913")

    assert response.status_code == 409
    assert "这份已经取过了" in response.text
    assert f"李秀英，午饭，{told:%H:%M:%S}" in response.text


def test_a_cancelled_booking_is_refused(serve, sitting, seat, session):
    booking = seat(sitting, code="482913", status=BookingStatus.CANCELLED)

    response = serve("482913")

    assert response.status_code == 409
    assert "这份已经取消" in response.text
    assert status_of(session, booking) is BookingStatus.CANCELLED


def test_an_unknown_code_says_where_else_to_look(serve, sitting):
    response = serve("000000")

    assert response.status_code == 404
    assert "别的日子、别的食堂" in response.text


def test_another_canteens_code_is_unknown_and_names_nobody(serve, sitting, seat, session):
    other = make_canteen(session, name="西街食堂")
    booking = seat(make_sitting(session, other, in_days=0), name="赵桂兰", code="482913")

    response = serve("482913")

    assert response.status_code == 404
    assert "赵桂兰" not in response.text
    assert "西街食堂" not in response.text
    assert status_of(session, booking) is BookingStatus.BOOKED


def test_nobody_serves_at_another_canteen(desk, seat, session):
    other = make_canteen(session)
    booking = seat(make_sitting(session, other, in_days=0), code="482913")

    response = desk.post("/meals/serve", {"canteen": other.site_id, "code": "482913"})

    assert response.status_code == 404
    assert status_of(session, booking) is BookingStatus.BOOKED


def test_tomorrows_code_is_not_for_today(serve, canteen, seat, session):
    seat(make_sitting(session, canteen, in_days=1), code="482913")

    assert serve("482913").status_code == 404


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "48291a", "<script>"])
def test_what_is_no_code_is_told_so(serve, sitting, typed):
    response = serve(typed)

    assert response.status_code == 422
    assert "取餐码是 6 位数字" in response.text
    assert "<script>" not in response.text.replace("<script src", "")


def test_the_last_five_stand_below_the_latest_first(desk, sitting, seat, canteen, serve):
    for number in range(7):
        seat(sitting, name=f"张{'一二三四五六七'[number]}", code=f"10000{number}")
        serve(f"10000{number}")

    page = desk.get("/meals/serve").text

    places = [page.find(f"张{sign}") for sign in "七六五四三"]
    assert places == sorted(places)
    assert "张一" not in page
    assert min(places) > 0


def test_htmx_is_given_the_counter_alone_with_an_empty_focused_field(serve, sitting, seat):
    seat(sitting, code="482913")

    part = serve("482913", **{"HX-Request": "true"}).text

    assert "<html" not in part
    assert 'value=""' in part
    assert "autofocus" in part

"""showRooms, putUpRooms, exportBeds, rename, correct: the beds of a home as a list."""

import csv
import io

import pytest
from sqlalchemy import select

from server.facilities.models import Bed
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site

ROOMS = {"floor": "3", "numbers": "301-303", "beds_each": "2", "kind": "institution"}
SEE = {Role.FACILITY_OPERATOR, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


class TestRooms(OpensFor):
    roles = SEE

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/rooms"


class TestExport(OpensFor):
    roles = SEE

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/rooms/export.csv"


class TestPutUp(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/rooms"


def labels(session, home):
    session.expire_all()
    query = select(Bed.label).where(Bed.site_id == home.id).order_by(Bed.id)
    return session.execute(query).scalars().all()


def test_rooms_are_put_up_by_their_numbers(operator, session, home):
    operator.post(f"/beds/{home.id}/rooms", ROOMS | {"is_nursing": "yes"})

    assert labels(session, home) == ["301-1", "301-2", "302-1", "302-2", "303-1", "303-2"]
    assert "共 6 张床位" in operator.get(f"/beds/{home.id}/rooms").text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"numbers": "三零一"}, 422), ({"beds_each": "99"}, 422), ({"kind": "home_care"}, 422)],
)
def test_what_cannot_be_read_puts_up_nothing_and_stays_typed(
    operator, session, home, wrong, status
):
    answer = operator.post(f"/beds/{home.id}/rooms", ROOMS | wrong)

    assert answer.status_code == status
    assert (wrong.get("numbers") or "301-303") in answer.text
    assert labels(session, home) == []


def test_a_room_that_is_there_is_refused_in_words(operator, session, home):
    operator.post(f"/beds/{home.id}/rooms", ROOMS)
    answer = operator.post(f"/beds/{home.id}/rooms", ROOMS | {"numbers": "303-304"})

    assert answer.status_code == 409
    assert "房间 303 已经有了" in answer.text


def test_a_bed_is_marked_with_what_speaks_for_it(operator, session, home, beds):
    form = {"label": "靠窗", "is_nursing": "yes", "evidence": "呼叫铃\n\n护理床"}
    operator.post(f"/beds/{home.id}/rooms/beds/{beds[0].id}", form)

    page = operator.get(f"/beds/{home.id}/rooms").text
    assert "靠窗" in page
    assert "呼叫铃、护理床" in page


def test_a_room_is_renamed_with_its_beds(operator, session, home, beds):
    operator.post(f"/beds/{home.id}/rooms/{beds[0].room_id}", {"name": "东1"})

    assert set(labels(session, home)) == {"东1-1", "东1-2", "东1-3", "东1-4"}


def test_rooms_and_beds_of_another_home_are_not_found(operator, session, home):
    far = make_bed(session, site=make_site(session))

    for address in (
        f"/beds/{home.id}/rooms/beds/{far.id}",
        f"/beds/{home.id}/rooms/{far.room_id}",
        f"/beds/{far.site_id}/rooms",
    ):
        assert operator.get(address).status_code == 404
    assert operator.post(f"/beds/{far.site_id}/rooms", ROOMS).status_code == 404


def test_the_file_holds_every_bed_and_nobody(operator, home, beds):
    text = operator.get(f"/beds/{home.id}/rooms/export.csv").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert [row["床位"] for row in rows] == [bed.label for bed in beds]
    assert rows[0]["状态"] == "空闲"

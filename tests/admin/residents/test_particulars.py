"""showParticulars, correct: who somebody is, put right at the window."""

import pytest

from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import an_id_number, make_resident

WRONG, RIGHT = an_id_number(911), an_id_number(913)
PUT_RIGHT = {"name": "李秀英", "id_number": RIGHT, "reason": "看了身份证，原来末位登记错"}


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀莹", id_number=WRONG)


@pytest.fixture
def address(mother):
    return f"/residents/{mother.id}/particulars"


class TestThePage(OpensFor):
    roles = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}

    @pytest.fixture
    def address(self, mother):
        return f"/residents/{mother.id}/particulars"


@pytest.fixture
def worker(sit_down, mother):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code="140502")
    desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})
    return desk


def test_what_is_registered_stands_in_the_form(worker, address):
    page = worker.get(address).text

    assert 'value="李秀莹"' in page
    assert f'value="{WRONG}"' in page


def test_it_is_put_right_and_the_history_says_so(worker, address, mother):
    assert worker.post(address, PUT_RIGHT).status_code == 303

    page = worker.get(address).text
    assert 'value="李秀英"' in page
    assert f'value="{RIGHT}"' in page
    assert "更正身份信息" in worker.get(f"/residents/{mother.id}/history").text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": ""}, "姓名"),
        ({"id_number": RIGHT[:-1] + ("1" if RIGHT[-1] != "1" else "2")}, "没有改动"),
        ({"id_number": ""}, "请填写性别和出生日期"),
        ({"reason": ""}, "事由"),
        ({"died_on": "2026-01-01"}, "没有改动"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(worker, address, changed, told):
    answer = worker.post(address, PUT_RIGHT | changed)

    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{WRONG}"' in worker.get(address).text


def test_who_has_the_number_already_is_named(worker, address, session):
    known = make_resident(session, name="王桂兰", id_number=RIGHT)
    session.commit()

    answer = worker.post(address, PUT_RIGHT)

    assert answer.status_code == 409
    assert f"/residents/{known.id}" in answer.text


def test_who_has_it_beyond_ones_reach_is_not_named(worker, address, session):
    make_resident(session, name="王桂兰", id_number=RIGHT, village_code=OTHER_COUNTY_VILLAGE)
    session.commit()

    answer = worker.post(address, PUT_RIGHT)

    assert answer.status_code == 409
    assert "王桂兰" not in answer.text


def test_a_file_that_is_not_open_is_not_put_right(sit_down, address):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code="140502")

    assert desk.post(address, PUT_RIGHT).status_code == 403

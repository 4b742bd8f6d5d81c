"""showContacts, noteContact, correctContact, removeContact: whom to call, at the window."""

import re

import pytest

from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import make_resident

COUNTY = "140502"
DAUGHTER = {
    "contact_name": "王丽",
    "contact_phone": "139 0000 1234",
    "contact_relation": "child",
    "is_emergency": "yes",
    "call_order": "1",
    "note": "上夜班，下午再打",
}


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英")


class TestThePage(OpensFor):
    roles = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}

    @pytest.fixture
    def address(self, mother):
        return f"/residents/{mother.id}/contacts"


@pytest.fixture
def worker(sit_down, mother):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)
    desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})
    return desk


@pytest.fixture
def address(mother):
    return f"/residents/{mother.id}/contacts"


def the_first(worker, address):
    return re.search(rf"/admin({address}/\d+)", worker.get(address).text)[1]


def test_a_contact_is_noted_put_right_and_taken_out(worker, address, mother):
    assert worker.post(address, DAUGHTER).status_code == 303
    page = worker.get(address).text
    assert "13900001234" in page
    assert "上夜班" in page
    assert "紧急" in page

    one = the_first(worker, address)
    assert 'value="王丽"' in worker.get(one).text
    changed = DAUGHTER | {"contact_phone": "13900005678", "is_emergency": ""}
    assert worker.post(one, changed).status_code == 303
    assert "13900005678" in worker.get(address).text

    assert worker.post(f"{one}/removal").status_code == 303
    assert "还没有联系人" in worker.get(address).text
    history = worker.get(f"/residents/{mother.id}/history").text
    for deed in ("添加联系人", "更正联系人", "移除联系人"):
        assert deed in history


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"contact_name": ""}, 422, "联系人姓名"),
        ({"contact_phone": "12"}, 422, "打不通"),
        ({"contact_relation": "enemy"}, 422, "没有改动"),
        ({"call_order": "0"}, 422, "拨打顺序"),
        ({"note": "长" * 101}, 422, "备注"),
        ({"resident_id": "1"}, 422, "没有改动"),
    ],
)
def test_what_is_wrong_is_said_and_kept(worker, address, changed, status, told):
    answer = worker.post(address, DAUGHTER | changed)

    assert answer.status_code == status
    assert told in answer.text
    if "note" not in changed:
        assert 'value="上夜班，下午再打"' in answer.text
    assert "还没有联系人" in worker.get(address).text


def test_the_same_phone_is_noted_once(worker, address):
    worker.post(address, DAUGHTER)

    answer = worker.post(address, DAUGHTER | {"contact_name": "别人"})

    assert answer.status_code == 409
    assert "已经在联系人里" in answer.text


def test_closed_files_and_strangers_stay_closed(sit_down, address, worker, session):
    colleague = sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)
    assert colleague.post(address, DAUGHTER).status_code == 403
    stranger = make_resident(session, village_code=OTHER_COUNTY_VILLAGE)
    assert worker.get(f"/residents/{stranger.id}/contacts").status_code == 404
    assert worker.get(f"{address}/999999").status_code == 404


def test_an_auditor_reads_and_writes_nothing(sit_down, mother, address):
    auditor = sit_down(Role.AUDITOR)
    auditor.post(f"/residents/{mother.id}/openings", {"reason": "审计"})

    assert "添加联系人" not in auditor.get(address).text
    assert auditor.post(address, DAUGHTER).status_code == 403

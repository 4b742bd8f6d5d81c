"""同意书: what stands, paper with a witness, the text to print, and taking back."""

import pytest

from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.admin.residents.conftest import open_file
from tests.factories.consents import make_consent

PAPER = {"purpose": "health", "how": "paper", "given_by": "self", "witness_name": "刘芳"}


@pytest.fixture
def address(resident):
    return f"/residents/{resident.id}/consents"


@pytest.fixture
def worker(sit_down, resident):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code="140502")
    open_file(desk, resident)
    return desk


class TestThePage(OpensFor):
    roles = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}

    @pytest.fixture
    def address(self, resident):
        return f"/residents/{resident.id}/consents"


def test_it_opens_with_the_file_alone(sit_down, address):
    page = sit_down(Role.COMMUNITY_WORKER, division_code="140502").get(address).text

    assert "为什么要打开" in page
    assert "见证人" not in page


def test_paper_is_written_down_with_its_witness(worker, address):
    assert worker.post(address, PAPER).status_code == 303

    page = worker.get(address).text
    assert "见证人：刘芳" in page
    assert "健康和能力评估信息" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"witness_name": ""}, "见证人"),
        ({"how": "app"}, "方式"),
        ({"given_by": "guardian"}, "是谁同意的"),
        ({"given_by": "guardian", "giver_name": "刘芳"}, "另一个人见证"),
    ],
)
def test_what_cannot_be_is_refused(worker, address, changed, said):
    answer = worker.post(address, PAPER | changed)

    assert answer.status_code == 422
    assert said in answer.text
    assert "还没有同意过任何事项" in answer.text


def test_a_guardian_agrees_before_a_witness(worker, address):
    worker.post(address, PAPER | {"given_by": "guardian", "giver_name": "李强"})

    assert "监护人 李强" in worker.get(address).text


def test_it_is_taken_back_at_the_window(worker, address, session, resident):
    given = make_consent(session, "health", resident=resident)

    assert worker.post(f"{address}/{given.id}/withdrawal").status_code == 303

    assert "在窗口收回" in worker.get(address).text


def test_somebody_elses_consent_is_not_found(worker, address, session, seat, sitting):
    stranger = seat(sitting).resident_id
    given = make_consent(session, "health", resident=type("R", (), {"id": stranger}))

    assert worker.post(f"{address}/{given.id}/withdrawal").status_code == 404


@pytest.mark.parametrize(("purpose", "status"), [("health", 200), ("weather", 404)])
def test_the_text_is_there_to_print(worker, address, purpose, status):
    answer = worker.get(f"{address}/texts/{purpose}")

    assert answer.status_code == status
    if status == 200:
        assert "签名或按手印" in answer.text


def test_an_auditor_reads_and_writes_nothing(sit_down, resident, address):
    auditor = sit_down(Role.AUDITOR)
    open_file(auditor, resident)

    assert "登记书面或口头同意" not in auditor.get(address).text
    assert auditor.post(address, PAPER).status_code == 403

"""A plan is drafted on the console."""

import re

import pytest

from tests.admin.homecare.conftest import TOMORROW


@pytest.fixture
def form(worker):
    return {
        "starts_on": str(TOMORROW),
        "services-1": ["bathing", "turning"],
        "weekdays-1": ["1", "5"],
        "starts-1": "09:00",
        "worker-1": str(worker.id),
    }


def test_the_beds_of_the_provider_are_listed(manager, other_manager, bed):
    assert "李秀英" in manager.get("/care/plans").text
    assert "李秀英" not in other_manager.get("/care/plans").text
    assert other_manager.get(f"/care/plans/{bed.id}").status_code == 404


def test_a_draft_is_added_up_before_it_is_sent(manager, bed, form):
    page = manager.post(f"/care/plans/{bed.id}", form | {"weigh": "1"})

    assert "四周合计 12.0 小时" in page.text
    assert "每月服务时长不够" in page.text


def test_a_draft_waits_for_the_elder(manager, bed, form):
    assert manager.post(f"/care/plans/{bed.id}", form).status_code == 303

    page = manager.get(f"/care/plans/{bed.id}")
    assert "待老人确认" in page.text
    assert "助浴、翻身拍背" in page.text


@pytest.mark.parametrize(
    "wrong", [{"starts-1": "noon"}, {"weekdays-1": []}, {"starts_on": ""}, {"worker-1": "x"}]
)
def test_what_is_missing_is_said(manager, bed, form, wrong):
    assert manager.post(f"/care/plans/{bed.id}", form | wrong).status_code == 422


@pytest.mark.parametrize("way", [{}, {"weigh": "1"}])
def test_what_the_catalogue_lacks_is_refused(manager, bed, form, way):
    answer = manager.post(f"/care/plans/{bed.id}", form | {"services-1": ["flying"]} | way)

    assert answer.status_code == 422


def test_the_county_drafts_nothing(county, bed, form):
    assert county.post(f"/care/plans/{bed.id}", form).status_code == 403


def test_a_draft_is_taken_back(manager, county, other_manager, bed, form):
    manager.post(f"/care/plans/{bed.id}", form)
    page = manager.get(f"/care/plans/{bed.id}")
    [address] = re.findall(r"/care/plans/\d+/\d+/withdrawal", page.text)

    assert county.post(address).status_code == 403
    assert other_manager.post(address).status_code == 404
    assert manager.post(address).status_code == 303
    assert "机构已撤回" in manager.get(f"/care/plans/{bed.id}").text


def test_plans_leave_as_a_file(manager, other_manager, bed, form):
    manager.post(f"/care/plans/{bed.id}", form)

    assert "助浴、翻身拍背" in manager.get("/care/plans/export.csv").text
    assert "李秀英" not in other_manager.get("/care/plans/export.csv").text

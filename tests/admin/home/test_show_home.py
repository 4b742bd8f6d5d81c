"""showHome: what this person can do here."""

import pytest

from server.identity.models import Role
from tests.admin.belonging import OpensFor


class TestHome(OpensFor):
    roles = set(Role)

    @pytest.fixture
    def address(self):
        return "/"

    def test_a_stranger_is_asked_to_sign_in_and_comes_back(self, stranger, address):
        assert stranger.get(address).headers["Location"] == "/admin/sign-in"


def test_canteen_staff_find_their_two_doors_with_todays_figures(desk, sitting, seat):
    seat(sitting)

    page = desk.get("/").text

    assert "今日餐次" in page
    assert "/admin/meals/serve" in page
    assert "今天已订 1 / 20 份，已取 0 份" in page
    assert "/admin/providers/sites" not in page


def test_an_office_without_pages_reads_why(sit_down):
    page = sit_down(Role.CARE_WORKER).get("/").text

    assert "您的岗位在这里暂时没有要办的事。" in page


def test_the_foot_says_who_one_is_and_where(desk):
    page = desk.get("/").text

    assert "王主任" in page
    assert "食堂工作人员 · 建设路食堂" in page

"""The copy of one's own data is asked for once and saved."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone


def test_it_is_saved_as_a_page_and_as_a_file(open_phone: OpenPhone, couples_token: str):
    phone = open_phone(token=couples_token)
    phone.goto("/app/help")
    phone.get_by_role("link", name="我的数据").tap()
    phone.get_by_role("button", name="下载我的数据").tap()
    expect(phone.get_by_text("已经准备好了。")).to_be_visible()
    assert faults_of(phone) == []
    assert axe_faults(phone) == []

    with phone.expect_download() as saved:
        phone.get_by_role("link", name="保存成网页来看").tap()
    page = Path(saved.value.path()).read_text("utf-8")
    assert "赵建国" in page
    assert "姓名" in page

    with phone.expect_download() as saved:
        phone.get_by_role("link", name="保存数据文件").tap()
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))["parts"]

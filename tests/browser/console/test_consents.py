"""A community worker writes down what an elder agreed to on paper, and prints the text."""

from playwright.sync_api import expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings
from tests.browser.console.test_register import enter_the_elder


def test_paper_is_written_down_with_its_witness(sign_in: SignIn):
    page = sign_in("community")
    enter_the_elder(page, name="霍桂香", number=911, phone="19977770111", helpers="19977770112")
    page.get_by_role("link", name="同意书").click()
    assert grave_findings(page) == []

    page.locator("#purpose").select_option("health")
    page.locator("#witness_name").fill("刘芳")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("见证人：刘芳")).to_be_visible()
    assert grave_findings(page) == []

    page.get_by_role("link", name="健康和能力评估信息").click()
    expect(page.get_by_text("签名或按手印")).to_be_visible()
    assert grave_findings(page) == []

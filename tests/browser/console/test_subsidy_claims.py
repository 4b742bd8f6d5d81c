"""A claim through its three offices, and its run approved, published, and free to be paid."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ServedCity, ask_for
from tests.browser.console.conftest import SignIn
from tests.browser.console.looking import look
from tests.browser.furnishing import LEARNS_NAME
from tests.browser.furnishing_claims import CLAIMED, TOWN_OFFICER
from tests.browser.serving import APPROVALS_GO_ON, SUBSIDY_NOTICES_END
from tests.factories.pictures import picture

SCAN = {"name": "台账.jpg", "mimeType": "image/jpeg", "buffer": picture()}


def decide(page: Page, name: str) -> None:
    """Open the claim from the desk and let it through as it stands."""
    page.goto("/admin/subsidies/claims/desk")
    look(page, f"claims-desk-{name}")
    page.locator("tbody a", has_text=CLAIMED).first.click()
    look(page, f"claims-decide-{name}")
    page.get_by_role("button", name="按以上数据通过").click()


def test_a_claim_goes_from_the_operator_to_the_city(sign_in: SignIn) -> None:
    operator = sign_in("operator")
    operator.goto("/admin/subsidies/claims")
    look(operator, "claims-own")
    begin = operator.get_by_role("button", name=re.compile(f"开始申领：{CLAIMED}"))
    begin.click()
    expect(operator.locator(".badge").first).to_have_text("草稿")
    expect(operator.locator(".stats")).to_contain_text("900.00")
    look(operator, "claims-draft")
    operator.get_by_label(re.compile("图片")).first.set_input_files(SCAN)
    operator.get_by_role("button", name=re.compile("保存图片")).first.click()
    operator.get_by_role("button", name="提交申领").click()
    expect(operator.locator(".badge").first).to_contain_text("审核")

    for name in (TOWN_OFFICER, "county", "city"):
        decide(sign_in(name), name)
    operator.reload()
    expect(operator.locator(".badge").first).to_have_text("已通过")
    look(operator, "claims-accepted")


def test_an_operator_claims_for_a_caregiver(sign_in: SignIn) -> None:
    operator = sign_in("operator")
    operator.goto("/admin/caregivers")
    operator.get_by_role("link", name=LEARNS_NAME).first.click()
    operator.get_by_role("link", name="补贴申领", exact=True).last.click()
    look(operator, "claims-caregiver")
    operator.get_by_role("button", name="开始申领：养老服务从业人员一次性入职奖励").click()
    expect(operator.locator(".badge").first).to_have_text("草稿")
    expect(operator.get_by_text("劳动合同").first).to_be_visible()
    expect(operator.get_by_role("button", name="提交申领")).to_be_disabled()
    look(operator, "claims-caregiver-draft")


def test_a_run_is_approved_by_another_published_and_free_to_be_paid(
    served_city: ServedCity, sign_in: SignIn
) -> None:
    city, approver = sign_in("city"), sign_in("approver")
    city.goto("/admin/subsidies/runs?programme=home_care_months")
    city.locator("tbody a", has_text=CLAIMED).first.click()
    city.get_by_role("link", name="提交审批").click()
    look(city, "claims-to-submit")
    address = city.url
    city.get_by_role("button", name="提交审批").click()
    expect(city.locator(".badge").first).to_have_text("审批中")

    approver.goto(address)
    look(approver, "claims-to-approve")
    approver.get_by_role("link", name="300.00 – 499.99").click()
    approver.get_by_role("checkbox").first.check()
    approver.locator("#words").fill("待核实")
    look(approver, "claims-lines")
    approver.get_by_role("button", name="剔除所选明细").click()
    approver.locator("#amount").fill("600")
    approver.get_by_role("button", name="批准这次核算").click()
    expect(approver.get_by_text("正在分批审批")).to_be_visible()
    look(approver, "claims-approving")
    ask_for(served_city, APPROVALS_GO_ON)
    expect(approver.locator(".badge").first).to_have_text("已审批")

    city.goto(address)
    city.get_by_role("button", name="发布公示").click()
    city.get_by_role("link", name=re.compile("公示至")).click()
    look(city, "claims-notice")
    with city.expect_download() as coming:
        city.get_by_role("link", name="张贴用 PDF").click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")
    ask_for(served_city, SUBSIDY_NOTICES_END)
    city.reload()
    expect(city.locator(".badge").first).to_have_text("已结束")
    city.goto(address)
    expect(city.locator(".badge").first).to_have_text("待发放")


@pytest.mark.parametrize(
    ("who", "address", "name"),
    [
        ("approver", "/admin/subsidies/approvals", "approvals"),
        ("city", "/admin/subsidies/notices", "notices"),
        ("county", "/admin/subsidies/claims", "claims"),
        ("county", "/admin/subsidies/claims/stand-ins", "stand-ins"),
    ],
)
def test_pages_are_whole_on_a_desk_and_on_a_phone(
    sign_in: SignIn, who: str, address: str, name: str
) -> None:
    page = sign_in(who)
    page.goto(address)
    expect(page.locator("h1")).not_to_be_empty()
    look(page, f"claims-{name}")

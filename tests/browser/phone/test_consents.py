"""The first sign-in asks once and calmly; what was agreed to is read, given and taken back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import post, sign_in_by_phone
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone

COUSINS_PHONE = "19977770101"


def a_newcomers_token(served_city, couples_sign_in) -> str:
    """Somebody whom the couple named today: she has signed in, and not yet agreed."""
    [elder, _] = couples_sign_in["account"]["residents"]
    named = {"name": "小芳", "phone": COUSINS_PHONE, "relation": "relative"}
    post(served_city, f"/v1/residents/{elder['id']}/helpers", named, token=couples_sign_in["token"])
    return str(sign_in_by_phone(served_city, COUSINS_PHONE)["token"])


def is_right(phone: Page) -> None:
    assert faults_of(phone) == []
    assert axe_faults(phone) == []


def test_the_notice_is_read_refused_and_agreed_to(open_phone, served_city, couples_sign_in):
    phone = open_phone(token=a_newcomers_token(served_city, couples_sign_in))
    phone.goto("/app/")
    expect(phone.get_by_role("heading", name="这些信息可以这样用吗？")).to_be_visible()
    is_right(phone)
    phone.get_by_text("看全文").tap()
    expect(phone.get_by_text("食堂只看到您的姓名")).to_be_visible()
    is_right(phone)

    phone.get_by_role("link", name="不同意").tap()
    expect(phone.get_by_text("您仍然可以打热线电话")).to_be_visible()
    is_right(phone)
    phone.get_by_role("link", name="再看一遍").tap()
    phone.get_by_role("button", name="同意并继续").tap()

    expect(phone.get_by_role("link", name="订餐")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("link", name="订餐")).to_be_visible()


def test_a_consent_is_taken_back_and_given_again(open_phone: OpenPhone, couples_token: str):
    phone = open_phone(token=couples_token)
    phone.goto("/app/help")
    phone.get_by_role("link", name="隐私与授权").tap()
    phone.get_by_role("link", name="健康和能力评估信息").first.tap()
    expect(phone.get_by_text("如果收回")).to_be_visible()
    is_right(phone)

    phone.get_by_role("button", name="收回同意").tap()

    expect(phone.get_by_text("未同意")).to_be_visible()
    phone.goto("/app/help/ability")
    phone.get_by_role("link", name="看说明，表示同意").tap()
    is_right(phone)
    phone.get_by_role("button", name="我同意").tap()
    expect(phone.get_by_text("办好了。")).to_be_visible()
    expect(phone.get_by_text("未同意")).to_have_count(0)

"""An account is closed in two steps, each of them calm."""

from playwright.sync_api import expect

from tests.browser.conftest import post, sign_in_by_phone
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults

NEIGHBOURS_PHONE = "19977770102"


def test_it_is_told_what_ends_and_then_asked(open_phone, served_city, couples_sign_in):
    [elder, _] = couples_sign_in["account"]["residents"]
    named = {"name": "老周", "phone": NEIGHBOURS_PHONE, "relation": "neighbour"}
    post(served_city, f"/v1/residents/{elder['id']}/helpers", named, token=couples_sign_in["token"])
    phone = open_phone(token=sign_in_by_phone(served_city, NEIGHBOURS_PHONE)["token"])
    phone.goto("/app/help")
    phone.get_by_role("link", name="注销账号").tap()
    expect(phone.get_by_text("您的手机号码 180 天以后删除。")).to_be_visible()
    assert faults_of(phone) == []

    phone.get_by_role("link", name="继续").tap()
    assert faults_of(phone) == []
    assert axe_faults(phone) == []
    phone.get_by_role("button", name="确定注销").tap()

    expect(phone.get_by_text("您的账号已经注销。")).to_be_visible()
    expect(phone.locator("#phone")).to_be_visible()

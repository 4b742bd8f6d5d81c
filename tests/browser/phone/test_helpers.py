"""An elder names her helper on the phone, reads what was done, and takes the right back."""

from playwright.sync_api import expect

from tests.browser.conftest import post, sign_in_by_phone
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone

NIECES_PHONE = "19977770103"


def test_a_helper_is_named_and_dismissed(open_phone: OpenPhone, couples_token: str):
    phone = open_phone(token=couples_token)
    phone.goto("/app/help")
    phone.get_by_role("link", name="谁帮我办事").tap()
    phone.get_by_role("link", name="改用手机号添加").tap()

    phone.get_by_role("button", name="请这个人替我订餐").tap()
    expect(phone.get_by_text("请填写姓名。")).to_be_visible()
    phone.fill("#helper-name", "小雨")
    phone.fill("#helper-phone", "0356 2022222")
    phone.get_by_role("button", name="请这个人替我订餐").tap()
    expect(phone.locator("#helper-phone-error")).to_be_visible()
    phone.fill("#helper-phone", "199 7777 1234")
    phone.get_by_role("button", name="请这个人替我订餐").tap()
    row = phone.get_by_role("link", name="小雨")
    expect(row).to_contain_text("替我订餐")

    row.tap()
    phone.get_by_role("button", name="不再帮忙").tap()

    expect(phone.get_by_text("办好了。")).to_be_visible()
    expect(phone.get_by_text("起不再帮忙").first).to_be_visible()
    phone.goto("/app/help/done-for-me")
    expect(phone.get_by_text("取消代办人")).to_be_visible()
    expect(phone.get_by_text("添加代办人").first).to_be_visible()


def test_a_code_is_shown_on_one_phone_and_typed_on_another(
    open_phone, served_city, couples_sign_in
):
    [_, elder] = couples_sign_in["account"]["residents"]
    named = {"name": "小芬", "phone": NIECES_PHONE, "relation": "relative"}
    [first, _] = couples_sign_in["account"]["residents"]
    token = couples_sign_in["token"]
    post(served_city, f"/v1/residents/{first['id']}/helpers", named, token=token)
    niece = str(sign_in_by_phone(served_city, NIECES_PHONE)["token"])

    hers = open_phone(token=token)
    hers.goto(f"/app/help/helpers?resident={elder['id']}")
    hers.get_by_role("link", name="请人帮我办事").tap()
    hers.get_by_role("checkbox", name="看健康信息").check()
    hers.get_by_role("button", name="显示号码").tap()
    code = hers.locator(".shown-code").inner_text()
    assert faults_of(hers) == []
    assert axe_faults(hers) == []

    mine = open_phone(token=niece)
    mine.goto("/app/help/helped")
    mine.fill("#helped-code", "12")
    mine.fill("#helped-name", "小芬")
    mine.get_by_role("button", name="开始帮忙").tap()
    expect(mine.locator("#helped-code-error")).to_be_visible()
    mine.fill("#helped-code", code)
    mine.get_by_role("button", name="开始帮忙").tap()
    mine.get_by_role("button", name="同意并继续").tap()
    expect(mine.get_by_role("link", name="订餐")).to_be_visible()

    hers.goto(f"/app/help/helpers?resident={elder['id']}")
    expect(hers.get_by_role("link", name="小芬")).to_contain_text("看健康信息")

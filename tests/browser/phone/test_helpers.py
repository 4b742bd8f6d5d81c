"""An elder names her helper on the phone, reads what was done, and takes the right back."""

from playwright.sync_api import expect

from tests.browser.phone.conftest import OpenPhone


def test_a_helper_is_named_and_dismissed(open_phone: OpenPhone, couples_token: str):
    phone = open_phone(token=couples_token)
    phone.goto("/app/help")
    phone.get_by_role("link", name="谁帮我办事").tap()
    phone.get_by_role("link", name="请人帮我办事").tap()

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
    expect(phone.get_by_text("起不再帮忙")).to_be_visible()
    phone.goto("/app/help/done-for-me")
    expect(phone.get_by_text("取消代办人")).to_be_visible()
    expect(phone.get_by_text("添加代办人")).to_be_visible()

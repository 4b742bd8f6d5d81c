"""A caregiver is entered and certified, finds the file by phone, and anybody checks the code."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import PHONE, ServedCity, sign_in_by_phone
from tests.browser.elder_rules import faults_of
from tests.factories.people import an_id_number

ID_NUMBER = an_id_number(9301)
CAREGIVERS_PHONE = "19977770301"
DEMO_PHONE = "19900000004"


def test_a_caregiver_is_entered_links_the_phone_and_is_checked(
    sign_in: Callable[..., Page],
    open_context: Callable[..., BrowserContext],
    served_city: ServedCity,
) -> None:
    desk = sign_in("operator")
    _enter(desk)
    _employ_and_certify(desk)

    token = str(sign_in_by_phone(served_city, CAREGIVERS_PHONE)["token"])
    phone = _phone(open_context, token)
    address = _link_and_find_the_code(phone)

    anybody = open_context(**PHONE).new_page()
    anybody.goto(address)
    expect(anybody.get_by_role("heading", name="养老护理员技能等级证书")).to_be_visible()
    expect(anybody.get_by_text("今天有效")).to_be_visible()
    expect(anybody.get_by_text("赵**")).to_be_visible()
    assert "赵玉兰" not in anybody.content()
    assert ID_NUMBER not in anybody.content()


def test_the_demos_caregiver_sees_what_is_missing_and_punches(
    open_context: Callable[..., BrowserContext], served_city: ServedCity
) -> None:
    phone = _phone(open_context, str(sign_in_by_phone(served_city, DEMO_PHONE)["token"]))
    phone.goto("/app/caregiver")
    expect(phone.get_by_text("您的证书将于")).to_be_visible()
    assert faults_of(phone) == []

    phone.get_by_role("link", name="本月出勤").tap()
    phone.get_by_role("button", name="我到岗了").tap()
    expect(phone.get_by_text("今天已记出勤。")).to_be_visible()
    phone.get_by_role("button", name="我下班了").tap()
    expect(phone.get_by_text("今天离岗")).to_be_visible()
    assert faults_of(phone) == []


def test_each_page_of_the_desk_keeps_the_rules(sign_in: Callable[..., Page]) -> None:
    desk = sign_in("operator")
    for path in ("", "/new", "/known", "/import", "/takeovers", "/scans", "/attendance",
                 "/overview"):  # fmt: skip
        desk.goto(f"/admin/caregivers{path}")
        expect(desk.locator("h1")).to_be_visible()
        assert axe_faults(desk) == [], path


def test_the_county_enters_a_breach(
    sign_in: Callable[..., Page],
) -> None:
    office = sign_in("county")
    office.goto("/admin/caregivers")
    office.locator("tbody a").first.click()
    office.locator("summary", has_text="登记一条").click()
    office.get_by_label("类别").select_option("accident")
    office.get_by_label("发生日期").fill("2026-01-08")
    office.get_by_label("认定文件").fill("晋城民〔2026〕9号处理决定")
    office.get_by_label("简要说明发生了什么").fill("老人跌倒，未及时处置")
    office.get_by_role("button", name="存入档案").click()

    expect(office.get_by_text("晋城民〔2026〕9号处理决定")).to_be_visible()
    expect(office.get_by_text("未解除，不发岗位津贴")).to_be_visible()
    expect(office.get_by_text("由另一位工作人员解除")).to_be_visible()
    assert axe_faults(office) == []
    office.set_viewport_size({"width": 390, "height": 844})
    assert office.evaluate("document.documentElement.scrollWidth") <= 390


def _phone(open_context: Callable[..., BrowserContext], token: str) -> Page:
    context = open_context(**PHONE, service_workers="block")
    context.add_init_script(f'localStorage.setItem("yinling.token", "{token}")')
    return context.new_page()


def _enter(desk: Page) -> None:
    desk.goto("/admin/caregivers")
    desk.get_by_role("link", name="登记护理员").click()
    desk.get_by_label("姓名").fill("赵玉兰")
    desk.get_by_label("身份证号").fill(ID_NUMBER)
    desk.get_by_label("电话").fill(CAREGIVERS_PHONE)
    desk.get_by_role("button", name="登记护理员").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("赵玉兰")


def _employ_and_certify(desk: Page) -> None:
    desk.get_by_role("button", name="入职", exact=True).click()
    expect(desk.get_by_text("护理 · 全职")).to_be_visible()
    desk.locator("summary", has_text="添加证书").click()
    desk.get_by_label("证书编号").fill("S140500099999301")
    desk.get_by_label("发证机构").fill("晋城市职业技能鉴定中心")
    desk.get_by_label("发证日期").fill("2024-05-01")
    desk.get_by_label("有效期至").fill("2099-05-01")
    desk.get_by_role("button", name="添加证书").click()
    desk.get_by_role("link", name="五级 初级工").click()
    expect(desk.locator(".qr svg")).to_be_visible()


def _link_and_find_the_code(phone: Page) -> Any:
    phone.goto("/app/help")
    phone.get_by_role("link", name="我是护理员").tap()
    phone.wait_for_url("**/app/caregiver")
    expect(phone.get_by_text("还没有绑定护理员档案")).to_be_visible()
    phone.get_by_role("link", name="我是护理员").tap()
    assert faults_of(phone) == []
    phone.fill("#id-digits", ID_NUMBER[-6:])
    phone.get_by_role("button", name="查看我的档案").tap()
    expect(phone.get_by_text("这是您的档案。")).to_be_visible()
    assert faults_of(phone) == []
    phone.get_by_role("link", name="我的证书").tap()
    phone.get_by_role("link", name="五级 初级工").tap()
    expect(phone.locator(".meal-code__qr svg")).to_be_visible()
    assert faults_of(phone) == []
    told = "fetch('/api/v1/caregiver', {headers: {Authorization: 'Bearer ' +"
    told += " localStorage.getItem('yinling.token')}}).then((one) => one.json())"
    return phone.evaluate(told)["certificates"][0]["address"]

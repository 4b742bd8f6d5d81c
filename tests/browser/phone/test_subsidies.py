"""An elder sees what she gets and why, reads the public list, objects, and asks for more."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import sign_in_by_phone
from tests.browser.elder_rules import LARGEST_TEXT, USUAL, faults_of
from tests.browser.furnishing_own_subsidies import PAID_ELDER, PAID_ELDERS_PHONE
from tests.browser.phone.axe import axe_faults, axe_faults_beside_ours
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import SCREENS, open_screen
from tests.factories.pictures import picture

HOME = "/subsidies"


@pytest.fixture(scope="session")
def elders_token(served_city):
    return str(sign_in_by_phone(served_city, PAID_ELDERS_PHONE.removeprefix("+86"))["token"])


def keeps_the_rules(page: Page, limits=USUAL) -> None:
    assert faults_of(page, limits) + axe_faults_beside_ours(page) == []


def open_amount_on_show(phone: Page) -> None:
    open_screen(phone, HOME)
    phone.locator("a.list__row", has_text="公示到").tap()
    phone.wait_for_url(re.compile(r"/app/subsidies/\d+/\d+$"))
    phone.get_by_role("heading", name="是这样算的").wait_for()


def test_what_i_get_is_told_with_its_reason(open_phone: OpenPhone, elders_token):
    phone = open_phone(token=elders_token)
    open_screen(phone, "/help")
    phone.get_by_role("link", name="我的补贴").tap()
    expect(phone.get_by_text("审批中")).to_be_visible()
    expect(phone.get_by_text("不符合条件：当月在院天数 ≥ 1")).to_be_visible()
    keeps_the_rules(phone)

    open_amount_on_show(phone)
    expect(phone.get_by_text("鲁民〔2021〕21号，补贴标准").first).to_be_visible()
    expect(phone.get_by_text("过了这一天就发放。")).to_be_visible()
    keeps_the_rules(phone)


def test_she_objects_and_finds_her_words_again(open_phone: OpenPhone, elders_token):
    phone = open_phone(token=elders_token)
    open_amount_on_show(phone)
    phone.get_by_role("link", name="我觉得不对").tap()
    phone.wait_for_url("**/wrong")
    keeps_the_rules(phone)
    phone.locator("textarea").fill("这个月我住满了")
    phone.get_by_role("button", name="提交").tap()
    expect(phone.get_by_text("已经收到，几个工作日内答复您。")).to_be_visible()

    open_screen(phone, HOME)
    expect(phone.get_by_text("这个月我住满了")).to_be_visible()
    expect(phone.get_by_text("最迟")).to_be_visible()


def test_what_was_too_much_is_told_with_why_and_how_it_comes_back(
    open_phone: OpenPhone, elders_token
):
    phone = open_phone(token=elders_token)
    open_screen(phone, HOME)
    phone.locator("a.list__row[href*='/owed/']").tap()
    phone.wait_for_url("**/owed/*")
    expect(phone.get_by_text("还要退回")).to_be_visible()
    expect(phone.get_by_text("当月在院天数原为 31，现为 10。")).to_be_visible()
    expect(phone.get_by_text("每次最多扣当次补贴的 30%。")).to_be_visible()
    expect(phone.get_by_text("请问晋城市民政局")).to_be_visible()
    keeps_the_rules(phone)

    phone.get_by_role("link", name="看看是怎么算的").tap()
    phone.get_by_role("heading", name="是这样算的").wait_for()
    phone.get_by_role("link", name="要退回的钱").tap()
    phone.wait_for_url("**/owed")
    keeps_the_rules(phone)


def test_she_asks_for_what_elders_ask_for(open_phone: OpenPhone, elders_token, tmp_path: Path):
    phone = open_phone(token=elders_token)
    open_screen(phone, HOME)
    phone.locator("a.list__row", has_text="适老化补贴").first.tap()
    phone.wait_for_url("**/claims/new?*")
    expect(phone.get_by_text("大约 300 元")).to_be_visible()
    expect(phone.get_by_text("鲁民〔2021〕21号，补贴标准").first).to_be_visible()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="开始申请").tap()
    phone.wait_for_url(re.compile(r"/claims/\d+$"))
    expect(phone.get_by_text("还缺材料")).to_be_visible()
    keeps_the_rules(phone)

    paper = tmp_path / "paper.jpg"
    paper.write_bytes(picture())
    phone.locator("a.list__row", has_text="入住台账").tap()
    phone.locator("#paper").set_input_files(paper)
    expect(phone.get_by_alt_text("您拍的照片")).to_be_visible()
    keeps_the_rules(phone)
    phone.reload()
    expect(phone.get_by_alt_text("您拍的照片")).to_be_visible()
    phone.get_by_role("button", name="发送这张照片").tap()
    expect(phone.get_by_text("照片已收到。")).to_be_visible()
    phone.locator("a.list__row", has_text="入住台账").tap()
    expect(phone.get_by_alt_text("第 1 张照片")).to_be_visible()
    keeps_the_rules(phone)
    phone.go_back()
    phone.get_by_role("button", name="提交申请").tap()
    expect(phone.get_by_text("乡镇（街道）审核中")).to_be_visible()
    expect(phone.get_by_text(re.compile("正在看，最迟.+答复您。"))).to_be_visible()
    expect(phone.get_by_text(re.compile("之后转给.+民政局看"))).to_be_visible()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="撤回申请").tap()
    expect(phone.get_by_text("已经撤回。")).to_be_visible()


def test_what_is_no_photo_is_said_so_and_without_a_network_nothing_is_lost(
    open_phone: OpenPhone, daughters_token, tmp_path: Path
):
    phone = open_phone(token=daughters_token)
    SCREENS["a paper of a claim"](phone)
    words = tmp_path / "words.jpg"
    words.write_bytes("这不是照片".encode())
    phone.locator("#paper").set_input_files(words)
    expect(phone.get_by_text("这个文件打不开，不是能用的照片。")).to_be_visible()
    expect(phone.get_by_role("button", name="发送这张照片")).to_be_hidden()
    keeps_the_rules(phone)

    paper = tmp_path / "paper.jpg"
    paper.write_bytes(picture())
    phone.locator("#paper").set_input_files(paper)
    expect(phone.get_by_alt_text("您拍的照片")).to_be_visible()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="发送这张照片").tap()
    expect(phone.get_by_text("现在没有网络。").last).to_be_visible()
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.get_by_alt_text("您拍的照片")).to_be_visible()
    expect(phone.get_by_role("button", name="发送这张照片")).to_be_visible()


def test_a_slow_network_is_given_the_time_that_a_photo_needs(
    open_phone: OpenPhone, daughters_token, tmp_path: Path
):
    phone = open_phone(token=daughters_token)
    SCREENS["a paper of a claim"](phone)
    paper = tmp_path / "paper.jpg"
    paper.write_bytes(picture(mark=3))
    phone.locator("#paper").set_input_files(paper)
    send = phone.get_by_role("button", name="发送这张照片")
    phone.clock.install()
    held: list[Route] = []
    phone.route("**/papers", lambda route: held.append(route))
    with phone.expect_request("**/papers"):
        send.tap()
    phone.clock.fast_forward(60_000)
    expect(send).to_have_attribute("aria-busy", "true")

    [route] = held
    route.continue_()
    expect(phone.get_by_text("照片已收到。")).to_be_visible()


def test_the_screens_hold_the_largest_letters(open_phone: OpenPhone, elders_token):
    phone = open_phone(token=elders_token, text_size="largest", language="en")

    for screen in (HOME, f"{HOME}/claims/new?programme=none"):
        open_screen(phone, screen)
        assert faults_of(phone, LARGEST_TEXT) == []


def test_who_gets_nothing_is_told_what_will_stand_here(open_phone: OpenPhone, couples_token):
    phone = open_phone(token=couples_token)
    open_screen(phone, HOME)

    keeps_the_rules(phone)


class TestThePublicList:
    """Without a sign-in, and without a script."""

    @pytest.fixture
    def there(self, open_phone: OpenPhone, elders_token):
        phone = open_phone(token=elders_token)
        open_amount_on_show(phone)
        return phone.get_by_role("link", name="看整份公示名单").get_attribute("href")

    @pytest.fixture
    def anybody(self, open_context):
        return open_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
            locale="zh-CN", java_script_enabled=False,
        ).new_page()  # fmt: skip

    def test_anybody_reads_it_objects_and_keeps_the_receipt(self, anybody, there):
        anybody.goto(there)
        expect(anybody.get_by_role("heading", level=1)).to_have_text("补贴发放公示")
        expect(anybody.get_by_text("56 条").first).to_be_visible()
        expect(anybody.get_by_text(PAID_ELDER)).to_have_count(0)
        anybody.get_by_role("link", name="下一页").tap()
        expect(anybody.get_by_role("link", name="从头看")).to_be_visible()
        anybody.get_by_role("link", name="从头看").tap()
        anybody.locator("a.list__row[href*='line=']").first.tap()
        anybody.get_by_label("哪里不对？").fill("此人已经搬走")
        anybody.get_by_label("怎样联系您？").fill("13800000000")
        anybody.get_by_role("button", name="提交").tap()
        expect(anybody.get_by_text("已经收到，谢谢您。")).to_be_visible()
        number = anybody.locator("dd").first.inner_text()
        anybody.get_by_role("link", name="返回公示").tap()
        anybody.get_by_label("回执号").fill(number.lower())
        anybody.get_by_role("button", name="查看").tap()
        expect(anybody.get_by_text("最迟")).to_be_visible()

    @pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
    def test_it_keeps_the_rules(self, open_context, there, size):
        page = open_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN"
        ).new_page()
        faults = {}
        for path in (there, f"{there}/objection?line=1", f"{there}/objection", f"{there}/nothing"):
            page.goto(path)
            faults[path] = faults_of(page) + axe_faults(page)
        assert {path: found for path, found in faults.items() if found} == {}

"""A home enrols a caregiver; one signs in by the code at the door; the exam; the paper."""

import json
import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in_by_phone
from tests.browser.furnishing import LEARNS, LEARNS_NAME, TAUGHT
from tests.browser.phone.screens import READY


def go_to(desk, course):
    desk.goto("/admin/training/sessions")
    desk.get_by_role("link", name=course).click()
    expect(desk.locator("h1")).to_contain_text(course)


def test_a_home_enrols_one_of_its_own_who_waits(sign_in):
    desk = sign_in("operator")
    go_to(desk, "失智老人照护继续教育")

    desk.get_by_label(re.compile(LEARNS_NAME)).check()
    desk.get_by_role("button", name="为勾选的人报名").click()

    expect(desk.locator("ol.steps")).to_contain_text(LEARNS_NAME)


def test_from_the_door_to_the_exam_and_the_paper(sign_in, open_context, served_city):
    desk = sign_in("operator")
    go_to(desk, TAUGHT)
    desk.get_by_role("link", name=re.compile("门口签到码")).first.click()
    digits = desk.locator(".course-door__digits").inner_text().replace(" ", "")

    context = open_context(**PHONE, service_workers="block")
    token = json.dumps(sign_in_by_phone(served_city, LEARNS.removeprefix("+86"))["token"])
    context.add_init_script(f'localStorage.setItem("yinling.token", {token})')
    phone = context.new_page()
    phone.goto("/app/caregiver/door")
    phone.locator(READY).first.wait_for()
    phone.locator("#door-code").fill(digits)
    phone.get_by_role("button", name="签到").tap()
    phone.wait_for_url("**/caregiver/courses")
    expect(phone.get_by_role("heading", name="我参加的")).to_be_visible()

    go_to(desk, TAUGHT)
    desk.get_by_role("link", name="录入考试成绩").click()
    desk.get_by_label(re.compile(LEARNS_NAME)).fill("91")
    desk.get_by_role("button", name="保存成绩").click()
    expect(desk.locator("table")).to_contain_text("未确认")

    office = sign_in("county")
    go_to(office, TAUGHT)
    office.get_by_role("button", name="确认成绩").click()
    expect(office.locator("table")).to_contain_text("通过")

    desk.goto("/admin/training/sessions")
    desk.get_by_role("link", name=re.compile("养老护理员五级")).click()
    with desk.expect_download() as paper:
        desk.locator("a[href$='.pdf']").first.click()
    assert paper.value.path().read_bytes()[:5] == b"%PDF-"

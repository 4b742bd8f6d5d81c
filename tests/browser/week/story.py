"""The deeds of a canteen's week, each done on the screen of whoever does it."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from scheduler.kitchens import run_kitchens
from scheduler.meals import book_standing, note_missed_meals
from tests.browser.console.test_pages import grave_findings
from tests.browser.phone.screens import open_screen
from tests.browser.week import people
from tests.browser.week.ledger import LIST, Ledger, own_pay
from tests.browser.week.people import ELDERS, Elder, who
from tests.browser.week.town import CANTEEN, Town
from tests.factories.people import an_id_number

MONDAY = date(2026, 11, 9)
SATURDAY, SUNDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    MONDAY + timedelta(days=number) for number in (-2, -1, 1, 2, 3, 4)
)
PLACES, PLACES_ON_TUESDAY = 40, 6
PAID_IN = 5_000


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def rows(elders: str) -> str:
    return f"tbody tr:has-text('{elders}')"


class Story:
    """The town, what was eaten there, and the deeds of the week in their order."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ledger = Ledger()
        self.kitchen = f"/admin/meals/kitchens/{town.canteen_id}"

    # Before the week

    def make_the_menu(self) -> None:
        cook = self.town.desk("cook")
        self._serve(cook, weekdays="1345", places=PLACES)
        self._serve(cook, weekdays="2", places=PLACES_ON_TUESDAY)
        press(cook, "现在生成未来三周的餐次")
        for dish in ("红烧豆腐", "清炒油菜"):
            cook.goto(f"{self.kitchen}/dishes")
            cook.locator("#dish_name").fill(dish)
            cook.locator("#dish_name").press("Enter")
        cook.goto(f"{self.kitchen}/menu?week={MONDAY}")
        links = cook.locator("a.week-menu__link").evaluate_all("all => all.map(one => one.href)")
        for link in links:
            cook.goto(link)
            for box in cook.locator("input[name=dish]").all():
                box.check()
            press(cook, "保存菜单")
        press(cook, "发布 5 个餐次")
        expect(cook.get_by_text("未发布")).to_have_count(0)
        expect(cook.locator(".week-menu__dish", has_text="红烧豆腐")).to_have_count(5)

    def _serve(self, cook: Page, *, weekdays: str, places: int) -> None:
        cook.goto(f"{self.kitchen}/setup")
        form = cook.locator("form[action$='/templates']")
        for box in form.locator("input[name=weekdays]").all():
            box.set_checked((box.get_attribute("value") or "") in weekdays)
        form.locator("#capacity").fill(str(places))
        form.locator("#list_price").fill(f"{LIST // 100}")
        form.get_by_role("button").click()

    def order_on_every_way(self) -> None:
        """All for Monday; standing orders for every day, which leaves one place on Tuesday."""
        self.book_on_her_phone(people.EARLY)
        for elder in who(people.SELF):
            if elder is not people.EARLY:
                self.town.book(elder, MONDAY)
        for elder in who(people.HELPER):
            self.town.book(elder, MONDAY, by="daughter")
        for elder in who(people.STANDING):
            self.order_for_every_week(elder)
        self.book_for(who(people.WINDOW), at="window")
        self.book_for(who(people.TELEPHONE), at="cook")
        self.key_in_the_paper()
        self.town.book(people.EARLY, TUESDAY)

    def book_on_her_phone(self, elder: Elder) -> None:
        phone, resident = self.town.phone(elder), self.town.ids[elder.name]
        open_screen(phone, f"/meals/canteens/{self.town.canteen_id}?resident={resident}")
        phone.locator("a.list__row").first.tap()
        phone.get_by_role("link", name="就要这一餐").tap()
        phone.get_by_role("button", name="订午饭").tap()
        expect(phone.get_by_role("heading", name="订好了")).to_be_visible()

    def order_for_every_week(self, elder: Elder) -> None:
        order = {"resident_id": self.town.ids[elder.name], "canteen_id": self.town.canteen_id}
        days = {"meal": "lunch", "weekdays": [1, 2, 3, 4, 5]}
        self.town.post("/standing-orders", order | days, by=elder.name)

    def book_for(self, elders: Iterable[Elder], *, at: str) -> None:
        """At the community's window, or by the canteen that is called; two have it brought."""
        page = self.town.desk(at)
        page.goto("/admin/meals/for")
        page.locator("#term").fill(people.AT_THE_WINDOW.name[0])
        page.locator("#term").press("Enter")
        for elder in elders:
            page.goto(f"/admin/meals/for/{self.town.ids[elder.name]}")
            monday = page.locator("tbody tr").first
            if elder in (people.LAME, people.DEAF):
                monday.locator("select[name=handing]").select_option("delivery")
            monday.get_by_role("button", name=re.compile("^订")).click()
            expect(page.locator("tbody tr").first).to_contain_text("已订")

    def key_in_the_paper(self) -> None:
        cook = self.town.desk("cook")
        cook.goto(f"{self.kitchen}/paper?week={MONDAY}")
        for elder in who(people.PAPER):
            cook.get_by_role("checkbox", name=re.compile(f"^{elder.name} 11月9日")).check()
        press(cook, "提交勾选的订餐")
        expect(cook.get_by_text("已订 5 份")).to_be_visible()

    def wait_in_line(self, elder: Elder) -> None:
        phone, resident = self.town.phone(elder), self.town.ids[elder.name]
        where = f"canteen={self.town.canteen_id}&resident={resident}"
        open_screen(phone, f"/meals/sittings/{self.town.sitting(TUESDAY)}?{where}")
        phone.get_by_role("button", name="候补，有空位告诉我").tap()
        expect(phone.locator("main")).to_contain_text("下一位就是您")

    def rest(self, elder: Elder, first: date, last: date) -> None:
        """From date to date, on the phone."""
        phone = self.town.phone(elder)
        open_screen(phone, "/meals/standing")
        phone.locator("a.list__row").first.tap()
        phone.get_by_role("link", name="这几天不吃").tap()
        phone.locator("#first").fill(first.isoformat())
        phone.locator("#last").fill(last.isoformat())
        phone.get_by_role("button", name="这几天暂停").tap()
        expect(phone.locator("main")).to_contain_text("暂停：")
        assert self.booked(elder) == [MONDAY, TUESDAY, FRIDAY]

    def read_the_kitchen_sheet(self) -> None:
        """Frozen by itself at the cut-off; from then on nobody gives a meal back."""
        self.town.by_itself(run_kitchens)
        cook = self.town.desk("cook")
        cook.goto(f"{self.kitchen}/sheets/{self.town.sitting(MONDAY)}")
        expect(cook.get_by_text("第 1 版").first).to_be_visible()
        expect(cook.locator("main")).to_contain_text("共 28 份：到店 26 份，送餐 2 份")
        expect(cook.locator("tr", has_text="红烧豆腐").locator("td").last).to_have_text("28")
        assert grave_findings(cook) == []
        phone = self.town.phone(people.EARLY)
        open_screen(phone, f"/bookings/{self.town.booking(people.EARLY, MONDAY)}")
        expect(phone.get_by_role("img", name="取餐二维码")).to_be_visible()
        expect(phone.get_by_role("link", name="取消午饭")).to_have_count(0)

    # Monday

    def pay_in(self, elder: Elder) -> None:
        cook = self.town.desk("cook")
        purse = f"/admin/meals/wallets/{self.town.canteen_id}/diners/{self.town.ids[elder.name]}"
        cook.goto(f"{purse}?amount={PAID_IN // 100}")
        press(cook, "已收现金 50.00 元")
        expect(cook.locator("h1")).to_contain_text("收据")

    def serve_lunch(self) -> None:
        """At two counters, which both lose the network while people stand in line."""
        one, other = self.town.tablet(), self.town.tablet()
        self.key_in(one, self.town.code(people.EARLY, MONDAY), people.EARLY)
        self.key_in(one, self.town.signed_code(people.WITH_A_WALLET, MONDAY), people.WITH_A_WALLET)
        for tablet in (one, other):
            tablet.context.set_offline(True)
        mothers = self.town.signed_code(people.MOTHER, MONDAY)
        for tablet in (one, other):
            self.key_in(tablet, mothers, people.MOTHER)
            expect(tablet.locator(".answer-panel--good")).to_contain_text("有网络时自动上传")
        one.locator("#what").fill(people.AT_THE_WINDOW.name)
        one.locator(".found__row").first.click()
        expect(one.locator(".answer-panel--good")).to_contain_text(people.AT_THE_WINDOW.name)
        expect(one.get_by_text("2 条还没有上传")).to_be_visible()
        one.context.set_offline(False)
        expect(one.get_by_text("条还没有上传")).to_have_count(0)
        other.context.set_offline(False)
        expect(other.get_by_text("上传后没有被接受")).to_be_visible()
        expect(one.get_by_text("上传后没有被接受")).to_have_count(0)
        self.walk_in(one, people.STRANGER)
        self.carry_to_the_doors(one)

    def key_in(self, tablet: Page, what: str, elder: Elder) -> None:
        """As a scanner types, or a hand."""
        tablet.locator("#what").fill(what)
        tablet.locator("#what").press("Enter")
        expect(tablet.locator(".answer-panel--good")).to_contain_text(elder.name)

    def walk_in(self, tablet: Page, elder: Elder) -> None:
        tablet.get_by_text("没有预订的老人").click()
        tablet.locator("#shown").fill(id_number(elder))
        press(tablet, "登记并发餐")
        expect(tablet.locator(".answer-panel--good")).to_contain_text(elder.name)

    def send_out(self) -> None:
        cook = self.town.desk("cook")
        cook.goto("/admin/meals/deliveries")
        cook.get_by_label("谁去送").fill("志愿者小周")
        press(cook, "分好路线")
        expect(cook.locator("caption")).to_contain_text("志愿者小周")

    def carry_to_the_doors(self, tablet: Page) -> None:
        """One gives her code, a daughter takes the other's."""
        press(tablet, "送餐")
        press(tablet, "已封箱，出发")
        for elder, said in ((people.LAME, self.town.code(people.LAME, MONDAY)),
                            (people.DEAF, "女儿康小云")):  # fmt: skip
            door = tablet.locator("ol.list > li", has_text=elder.name)
            door.get_by_text("到门口了").click()
            door.locator("input").fill(said)
            with tablet.expect_response("**/handing"):
                door.get_by_role("button", name="已交餐").click()
        expect(tablet.locator(".rounds")).to_contain_text("交给了 女儿康小云")
        expect(tablet.get_by_text("条还没有上传")).to_have_count(0)
        cook = self.town.desk("cook")
        cook.goto("/admin/meals/deliveries")
        expect(cook.locator("caption")).to_contain_text("2 份中已送达 2 份")

    def serve_everybody_else(self) -> None:
        """The rest of the line, by the tablets' own calls; one does not come."""
        by_sight = (people.EARLY, people.WITH_A_WALLET, people.MOTHER, people.AT_THE_WINDOW,
                    people.LAME, people.DEAF, people.STRANGER)  # fmt: skip
        late = next(one for one in who(people.WALK_IN) if one is not people.STRANGER)
        meal = {"sitting_id": self.town.sitting(MONDAY), "id_number": id_number(late)}
        path = f"/counter/canteens/{self.town.canteen_id}/walk-ins"
        answer = self.town.post(path, {"key": uuid4().hex, **meal}, by="cook")
        assert answer["state"] == "accepted"
        others = [one for one in ELDERS if one not in (*by_sight, late, people.ABSENT)]
        self.town.hand_out(MONDAY, *others)
        self.ledger.eats(MONDAY, *(one for one in ELDERS if one is not people.ABSENT))

    def see_the_finding(self) -> None:
        county = self.town.desk("county")
        county.goto("/admin/findings")
        found = county.locator("tbody tr", has_text="同一份餐在两处核销")
        expect(found).to_have_count(1)
        expect(found).to_contain_text(CANTEEN)

    def see_the_wallet(self, elder: Elder) -> None:
        phone = self.town.phone(elder)
        open_screen(phone, "/wallets")
        left = PAID_IN - own_pay(elder, MONDAY)
        expect(phone.locator("a.list__row")).to_contain_text(f"{left // 100}.{left % 100:02} 元")

    def die(self, elder: Elder) -> None:
        """The county records it; what stands behind this is ended by itself."""
        county, file = self.town.desk("county"), f"/admin/residents/{self.town.ids[elder.name]}"
        county.goto(file)
        county.locator("#reason").fill("家属电话报丧")
        press(county, "打开 30 分钟")
        county.goto(f"{file}/departures")
        county.locator("#kind").select_option("died")
        county.locator("#happened_on").fill(MONDAY.isoformat())
        press(county, "报告")
        expect(county.locator("tbody tr").first).to_contain_text("离世")
        number = self.town.ids[elder.name]
        ends = f"SELECT end_reason FROM standing_order WHERE resident_id = {number}"
        assert self.town.look(ends) == [("died",)]
        reasons = f"SELECT cancel_reason FROM booking WHERE resident_id = {number}"
        left = self.town.look(f"{reasons} AND service_on > '{MONDAY}' ORDER BY service_on")
        assert left == [("resident-died",)] * 4
        assert self.booked(elder) == [MONDAY]

    def take_the_place(self, elder: Elder) -> None:
        phone = self.town.phone(elder)
        open_screen(phone, "/")
        phone.get_by_role("link", name=re.compile("有空位了，要吗？")).tap()
        phone.get_by_role("button", name="要，给我订上").tap()
        expect(phone.get_by_role("heading", name="订好了")).to_be_visible()

    # The other days

    def note_who_did_not_come(self, elder: Elder) -> None:
        self.town.by_itself(note_missed_meals)
        cook = self.town.desk("cook")
        cook.goto(f"/admin/meals/sittings/{self.town.sitting(MONDAY)}/diners?status=missed")
        expect(cook.locator("tbody tr")).to_have_count(1)
        expect(cook.locator(rows(elder.name))).to_contain_text("未取餐")

    def close(self, day: date) -> None:
        """Everybody who had booked is told, once; standing orders do not come back to it."""
        cook = self.town.desk("cook")
        cook.goto("/admin/meals/closures")
        cook.locator("#service_on").fill(day.isoformat())
        cook.locator("#reason").fill("燃气检修")
        press(cook, "停餐并通知大家")
        expect(cook.locator("tbody tr").first).to_contain_text("燃气检修")
        told = "SELECT count(*)::int FROM message WHERE kind = 'meals.canteen_closed'"
        assert self.town.look(told) == [(3,)]
        self.town.by_itself(book_standing)
        assert self.eaters(day) == set()

    def serve(self, day: date, *elders: Elder) -> None:
        """Whoever is booked is there, and nobody else."""
        assert self.eaters(day) == {one.name for one in elders}
        self.town.hand_out(day, *elders)
        self.ledger.eats(day, *elders)

    # The month

    def settle(self) -> str:
        """Drawn up by the county, confirmed by the canteen, accepted by another; its address."""
        county = self.town.desk("county")
        county.goto("/admin/meals/settlements")
        county.get_by_role("button", name=re.compile(r"^汇总 \d{4}-")).click()
        county.get_by_role("link", name=CANTEEN).click()
        there = county.url
        for name, deed in (("cook", "确认金额"), ("approver", "审核通过")):
            page = self.town.desk(name)
            page.goto(there)
            press(page, deed)
        expect(self.town.desk("approver").get_by_role("button", name="审核通过")).to_have_count(0)
        return there

    def eaters(self, day: date) -> set[str]:
        found = self.town.look(
            "SELECT r.name FROM booking b JOIN resident r ON r.id = b.resident_id"
            f" WHERE b.service_on = '{day}' AND b.status <> 'cancelled'"
        )
        return {name for (name,) in found}

    def booked(self, elder: Elder) -> list[date]:
        found = self.town.look(
            f"SELECT service_on FROM booking WHERE resident_id = {self.town.ids[elder.name]}"
            " AND status <> 'cancelled' ORDER BY service_on"
        )
        return [day for (day,) in found]


def id_number(elder: Elder) -> str:
    return an_id_number(100 + ELDERS.index(elder), elder.born_on)

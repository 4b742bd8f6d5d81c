"""A day in a home's life: at the desks of two homes, and on the bureau's screen, which follows.

After every step all screens come to show the same counts; afterwards the auditor asks for each
moment of the day, and is told what was seen then.
"""

import math
import re
import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from server import clock
from tests.browser.conftest import hours_back
from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings
from tests.browser.furnishing import NEIGHBOUR
from tests.factories.people import an_id_number

HOME, OTHER_HOME = "桑榆里养老院", "松鹤归老年公寓"
NAME = "周长青"
# Screens ask every two seconds; the rest is for a machine that is busy with other tests.
TWO_SECONDS_AND_A_BIT_MS = 8_000
ON_THE_BOARD = {
    "usable": "可用",
    "occupied": "占用",
    "on_leave": "请假或住院",
    "held": "预订",
    "free": "空闲",
}
# The columns of the bureau's table.
COLUMNS = ("beds", "licensed", "usable", "occupied", "on_leave", "held", "free")
COUNTS = ("licensed", *ON_THE_BOARD)


class Desk:
    """Somebody who works in a home, at its board."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.see_the_board()

    def see_the_board(self) -> None:
        self.page.goto("/admin/beds/mine")

    def stat(self, name: str):
        stat = self.page.locator("#board .stat", has=self.page.get_by_text(name, exact=True))
        return stat.locator(".stat__figure")

    @property
    def licensed(self):
        return self.page.locator("#board .stat__note", has_text="备案核定")

    def counts(self) -> dict[str, int]:
        texts = {name: self.stat(word).inner_text() for name, word in ON_THE_BOARD.items()}
        counted = {name: int(text.split()[0]) for name, text in texts.items()}
        return counted | {"licensed": int(re.sub(r"\D", "", self.licensed.inner_text()))}

    def free_beds(self, number: int) -> list[str]:
        free = self.page.locator('.bed--free[data-kind="institution"] .bed__label')
        return [free.nth(place).inner_text().split()[0] for place in range(number)]

    def tile(self, label: str):
        return self.page.locator(".bed", has=self.page.get_by_text(label, exact=True))

    def card(self):
        return self.page.locator("#bed-card")

    def press(self, deed: str, *, folded: bool = False) -> None:
        if folded:
            self.card().locator("summary", has_text=deed).click()
        self.card().get_by_role("button", name=deed, exact=True).click()

    def hold_for_a_newcomer(self, label: str) -> None:
        """From a free bed's card to the page that registers whom nobody knows yet."""
        self.tile(label).click()
        self.card().get_by_role("link", name="办理入住 / 预订").click()
        self.page.get_by_label("姓名").fill(NAME)
        self.page.get_by_label("身份证号").fill(an_id_number(983))
        self.page.get_by_role("button", name="查找").click()
        expect(self.page.get_by_text("名册里没有这个身份证号")).to_be_visible()
        assert grave_findings(self.page) == []
        self.page.locator("#village_code").select_option(index=1)
        self.page.get_by_label("联系人姓名").fill("周明")
        self.page.get_by_label("联系人电话").fill("19900008889")
        self.page.get_by_role("button", name="预订床位").click()
        self.page.wait_for_url("**/beds/*/beds/*")

    def move_by_keys(self, label: str, into: str) -> None:
        """With nothing but the keyboard: from the tile to the card, to the deed, to the bed."""
        press = self.page.keyboard.press
        self.tile(label).focus()
        press("Enter")
        expect(self.page.locator("#card-head")).to_be_focused()
        self._tab_to("summary", "换床")
        press("Enter")
        self._tab_to("select", into)
        self.page.keyboard.type(into)
        expect(self.card().locator("#move-into option:checked")).to_have_text(into)
        self._tab_to("button", "换床")
        press("Enter")

    def _tab_to(self, tag: str, told: str) -> None:
        here = (
            "([tag, told]) => document.activeElement.matches(`#bed-card ${tag}`)"
            " && document.activeElement.textContent.includes(told)"
        )
        for _ in range(40):
            if self.page.evaluate(here, [tag, told]):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not come to {tag} {told}")


class Day:
    """Two homes, the bureau above them, what each screen should show, and when it showed it."""

    def __init__(self, sign_in: SignIn) -> None:
        self.here = Desk(sign_in("operator"), HOME)
        self.there = Desk(sign_in(NEIGHBOUR), OTHER_HOME)
        self.bureau = sign_in("city")
        self.bureau.goto("/admin/beds")
        self.bureau.evaluate("window.neverLoadedAgain = true")
        self.now = {desk.home: desk.counts() for desk in (self.here, self.there)}
        self.moments: list[tuple[datetime, dict[str, dict[str, int]]]] = []
        self.settle()

    def row(self, page: Page, home: str):
        row = page.locator("tr", has=page.get_by_role("link", name=home, exact=True))
        return row.locator("td")

    def settle(self, **changed: dict[str, int]) -> None:
        """All screens come to show counts that changed so much; `here` and `there` name homes."""
        for where, by in changed.items():
            counts = self.now[getattr(self, where).home]
            for name, more in by.items():
                counts[name] += more
        for desk in (self.here, self.there):
            self._see(desk)
        self._remember()

    def _see(self, desk: Desk) -> None:
        shown = self.row(self.bureau, desk.home)
        for name, count in self.now[desk.home].items():
            cell = shown.nth(COLUMNS.index(name))
            expect(cell).to_have_text(str(count), timeout=TWO_SECONDS_AND_A_BIT_MS)
            on_the_board = desk.licensed if name == "licensed" else desk.stat(ON_THE_BOARD[name])
            told = re.compile(rf"(^|\D){count}(\D|$)")
            if "/referrals" not in desk.page.url:
                expect(on_the_board).to_have_text(told, timeout=TWO_SECONDS_AND_A_BIT_MS)

    def _remember(self) -> None:
        """The next whole second, which has passed when the day goes on."""
        shift = timedelta(hours=hours_back())
        whole = math.ceil(clock.now().timestamp())
        time.sleep(max(0, whole - clock.now().timestamp()) + 0.05)
        moment = datetime.fromtimestamp(whole, tz=clock.CITY) - shift
        self.moments.append((moment, {home: dict(counts) for home, counts in self.now.items()}))

    def check_the_history(self, page: Page) -> None:
        """As of each moment the overview tells the counts that were seen then.

        What a licence says is put right in place: of an earlier moment it is not told.
        """
        for moment, counts in self.moments:
            asked = f"known={moment:%Y-%m-%d}&known_time={moment:%H:%M:%S}"
            page.goto(f"/admin/beds?{asked}")
            for home, seen in counts.items():
                self.row(page, home).first.wait_for()
                told = self.row(page, home).all_inner_texts()
                counted = {name: str(seen[name]) for name in ON_THE_BOARD}
                assert {name: told[COLUMNS.index(name)] for name in counted} == counted, moment
                assert told[COLUMNS.index("licensed")] == "—"


@pytest.fixture
def day(sign_in: SignIn) -> Day:
    return Day(sign_in)


def test_a_day_in_a_homes_life(day: Day, sign_in: SignIn):
    here, there = day.here, day.there
    [first, second], [bed] = here.free_beds(2), there.free_beds(1)

    here.hold_for_a_newcomer(first)
    day.settle(here={"held": 1, "free": -1})
    here.tile(first).click()
    here.press("办理入住")
    day.settle(here={"held": -1, "occupied": 1})

    here.press("请假")
    day.settle(here={"occupied": -1, "on_leave": 1})
    here.press("返回")
    day.settle(here={"occupied": 1, "on_leave": -1})
    here.press("住院", folded=True)
    day.settle(here={"occupied": -1, "on_leave": 1})
    expect(here.tile(first)).to_contain_text("住院")
    here.press("返回")
    day.settle(here={"occupied": 1, "on_leave": -1})
    assert grave_findings(here.page) == []

    here.move_by_keys(first, second)
    expect(here.tile(second)).to_contain_text(NAME, timeout=TWO_SECONDS_AND_A_BIT_MS)
    expect(here.tile(first)).to_contain_text("待打扫")
    day.settle()

    refer(here)
    day.settle()
    accept(there, bed)
    day.settle(there={"held": 1, "free": -1})
    hand_over(there)
    here.see_the_board()
    there.see_the_board()
    day.settle(here={"occupied": -1, "free": 1}, there={"held": -1, "occupied": 1})
    expect(here.tile(second)).to_contain_text("待打扫")

    there.tile(bed).click()
    there.card().locator("summary", has_text="退住").click()
    there.card().locator("#end_reason").select_option("went_home")
    there.press("退住")
    day.settle(there={"occupied": -1, "free": 1})
    expect(there.tile(bed)).to_contain_text("待打扫")
    there.press("已打扫")
    expect(there.tile(bed)).to_contain_text("空闲")
    for label in (first, second):
        here.tile(label).click()
        here.press("已打扫")
        expect(here.tile(label)).to_contain_text("空闲")
    day.settle()

    assert day.bureau.evaluate("window.neverLoadedAgain")
    assert grave_findings(day.bureau) == []
    day.check_the_history(sign_in("auditor"))


def refer(desk: Desk) -> None:
    """Ask the other home to take the person."""
    desk.page.goto("/admin/referrals")
    desk.page.locator("#stay").select_option(label=NAME)
    desk.page.locator("#to_site").select_option(label=OTHER_HOME)
    desk.page.locator("#to_kind").select_option("institution")
    desk.page.locator("#basis").fill("家属要求离家近")
    desk.page.get_by_role("button", name="提出转介").click()
    expect(desk.page.get_by_role("link", name=NAME)).to_be_visible()


def accept(desk: Desk, bed: str) -> None:
    desk.page.goto("/admin/referrals")
    desk.page.get_by_role("link", name=NAME).click()
    desk.page.locator("#bed").select_option(label=bed)
    desk.page.get_by_role("button", name="接收", exact=True).click()
    expect(desk.page.get_by_role("heading", name="今天交接")).to_be_visible()


def hand_over(desk: Desk) -> None:
    desk.page.locator("#handover_note").fill("随身药品已清点")
    desk.page.get_by_role("button", name="完成交接").click()
    expect(desk.page.get_by_text("随身药品已清点")).to_be_visible()

"""A stay's money at a home's desk, from the contract to what is given back."""

from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings

CONTRACT = {
    "contract_number": "续签-1",
    "starts_on": "2040-01-01",
    "last_day": "2040-12-31",
    "bed_fee": "1500",
    "nursing_fee": "1200.50",
    "meals_fee": "600",
    "deposit": "3000",
}


def figure(page: Page, name: str) -> float:
    stat = page.locator(".stat", has=page.get_by_text(name, exact=True))
    return float(stat.locator(".stat__figure").inner_text().replace(",", ""))


def ahead(page: Page) -> float:
    """What is paid in advance, less what is owed."""
    return figure(page, "预收款（元）") - figure(page, "应收（元）")


def choose_somebody(page: Page) -> str:
    """Open the card of somebody in a bed; returns the bed's label."""
    page.goto("/admin/beds/mine")
    tile = page.locator('.bed--occupied[data-kind="institution"]').first
    tile.click()
    label: str = tile.locator(".bed__label").inner_text().split()[0]
    return label


def send_home(page: Page, label: str) -> None:
    page.goto("/admin/beds/mine")
    page.locator(".bed", has=page.get_by_text(label, exact=True)).click()
    card = page.locator("#bed-card")
    card.locator("summary", has_text="退住").click()
    card.locator("#end_reason").select_option("went_home")
    card.get_by_role("button", name="退住", exact=True).click()
    expect(card).to_contain_text("退住已办理")


def test_from_the_contract_to_what_is_given_back(sign_in: SignIn):
    page = sign_in("operator")
    label = choose_somebody(page)
    page.locator("#bed-card").get_by_role("link", name="合同与费用").click()
    expect(page.get_by_role("heading", name="合同与费用", exact=True)).to_be_visible()
    of_the_stay = page.url

    page.locator("summary", has_text="登记合同").click()
    for field, value in CONTRACT.items():
        page.locator(f"#{field}").fill(value)
    assert grave_findings(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("续签-1")).to_be_visible()

    before = ahead(page)
    page.locator("#amount").fill("1000.50")
    page.locator("#receipt").fill("S-1")
    page.get_by_role("button", name="登记收款").click()
    assert round(ahead(page) - before, 2) == 1000.50

    send_home(page, label)
    page.goto(of_the_stay)
    expect(page.get_by_role("heading", name="退住结算")).to_be_visible()
    bill = page.get_by_role("button", name="出这个月的账单")
    if bill.count():  # On the first of a month nobody has slept a night of it yet.
        bill.click()
    page.locator('a[href*="/bills/"]').first.click()
    expect(page.get_by_text("床位费")).to_be_visible()
    assert grave_findings(page) == []

    page.goto(of_the_stay)
    held = figure(page, "预收款（元）") + figure(page, "押金（元）")
    back = page.locator(".facts__fact", has_text="应退（元）").locator("dd").inner_text()
    assert float(back.replace(",", "")) == round(held - figure(page, "应收（元）"), 2) > 0
    page.get_by_role("button", name="结算", exact=True).click()
    expect(page.get_by_text("费用已结清")).to_be_visible()
    assert ahead(page) == figure(page, "押金（元）") == 0
    assert grave_findings(page) == []


def test_a_month_is_billed_for_everybody_at_once_and_twice_is_once(sign_in: SignIn):
    page = sign_in("operator")
    page.goto("/admin/money")
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="为全院出账").click()
    expect(page.locator(".notice")).to_contain_text("张账单")
    page.get_by_role("button", name="为全院出账").click()

    expect(page.locator(".notice")).to_contain_text("已出 0 张账单")
    assert grave_findings(page) == []

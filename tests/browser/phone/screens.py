"""The screens of the phone app, and how to come to each."""

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Page

TAKE_IT = re.compile("^(就要这一餐|I will take this meal)$")
A_CLAIM = "[href*='/subsidies/claims/']:not([href*='/new'])"
AN_AMOUNT = "[href*='/subsidies/']:not([href*='/claims/']):not([href*='/owed'])"
READY = "main:not([aria-busy]) .page__body > *:not(.skeleton)"


def open_screen(page: Page, path: str) -> None:
    """Open a screen by its address and wait until it stands."""
    page.goto("/app" + path)
    page.locator(READY).first.wait_for()


def open_meals(page: Page) -> None:
    """To the canteens near the first resident."""
    open_screen(page, "/meals")
    page.locator("a.list__row").first.tap()
    page.wait_for_url("**/meals/canteens?*")
    page.locator("a.list__row").first.wait_for()


def open_sittings(page: Page) -> None:
    open_meals(page)
    page.locator("a.list__row").first.tap()
    page.wait_for_url("**/meals/canteens/*?*")
    page.locator("h2").first.wait_for()


def open_dishes(page: Page) -> None:
    """To the dishes of the last meal that has places and is not booked yet."""
    open_sittings(page)
    take_a_free_meal(page)


def take_a_free_meal(page: Page) -> None:
    """From the list of meals to one that can be booked, looking from the last one back."""
    rows = page.locator("a.list__row:has(.badge--good)")
    for number in range(rows.count() - 1, -1, -1):
        rows.nth(number).tap()
        page.locator(".action-bar a").wait_for()
        if page.get_by_role("link", name=TAKE_IT).count():
            return
        page.go_back()
        rows.nth(number).wait_for()
    raise AssertionError("every meal is booked already")


def open_confirmation(page: Page) -> None:
    open_dishes(page)
    page.locator(".action-bar a").tap()
    page.locator(".price-split").wait_for()


def open_wallet(page: Page) -> None:
    """From the money at canteens to one wallet."""
    open_screen(page, "/wallets")
    page.locator("a.list__row").first.tap()
    page.wait_for_url("**/wallets/*")
    page.locator(".purse").wait_for()


def ask_money_back(page: Page) -> None:
    open_wallet(page)
    open_screen(page, page.url.partition("/app")[2] + "/refund")


def open_top_up(page: Page) -> None:
    """From a wallet to how much is paid in."""
    open_wallet(page)
    page.locator("a[href*='top-up']").tap()
    page.locator(".radio-card").first.wait_for()


def open_map(page: Page) -> None:
    """To the map of homes, as soon as the nearest stand on it."""
    open_screen(page, "/care/map")
    page.locator(".map__home").first.wait_for()


def open_home(page: Page) -> None:
    """To the home of the demo's operator, which has free beds."""
    open_screen(page, "/care")
    page.locator("a.list__row:has(.badge--good)", has_text="桑榆里养老院").tap()
    page.wait_for_url("**/care/homes/*?*")
    page.locator(".action-bar a").wait_for()


def open_application_form(page: Page) -> None:
    open_home(page)
    page.locator(".action-bar a").tap()
    page.wait_for_url("**/apply?*")
    page.locator(".action-bar button").wait_for()


def open_visit_form(page: Page) -> None:
    open_home(page)
    page.get_by_role("link", name=re.compile("约时间|Arrange")).tap()
    page.wait_for_url("**/visit?*")
    page.locator(".action-bar button").wait_for()


def open_from_subsidies(address: str, beyond: str = "") -> Callable[[Page], None]:
    """From one's subsidies to the first row whose address holds this, and from there further."""

    def come(page: Page) -> None:
        open_screen(page, "/subsidies")
        path = page.locator(f"a.list__row{address}").first.get_attribute("href")
        assert path is not None
        open_screen(page, path.partition("/app")[2] + beyond)

    return come


def at(path: str) -> Callable[[Page], None]:
    return lambda page: open_screen(page, path)


SCREENS: Mapping[str, Callable[[Page], None]] = {
    "home": at("/"),
    "for whom": at("/meals"),
    "canteens": open_meals,
    "sittings": open_sittings,
    "dishes": open_dishes,
    "confirmation": open_confirmation,
    "bookings": at("/bookings"),
    "earlier bookings": at("/bookings/past"),
    "faces for a meal": at("/bookings/900001/rating"),
    "what was wrong with a meal": at("/bookings/900001/complaint"),
    "what I said of meals": at("/meal-voices"),
    "meals not collected": at("/meals/missed"),
    "for whom it is noted": at("/meals/needs"),
    "a meal is not solved": at("/meal-voices/900001/again"),
    "every week": at("/meals/standing"),
    "care homes": at("/care"),
    "wishes": at("/care/wishes"),
    "homes on the map": open_map,
    "one home": open_home,
    "asking for a visit": open_visit_form,
    "applying": open_application_form,
    "applications": at("/care/applications"),
    "leaving the queue": at("/care/applications/1/leave"),
    "care beds at home": at("/care/home-beds"),
    "asking for a care bed": at("/care/home-beds/new"),
    "taking a care bed back": at("/care/home-beds/1/end"),
    "making a home safe": at("/care/renovations"),
    "asking for it": at("/care/renovations/new"),
    "taking a renovation back": at("/care/renovations/1/end"),
    "help": at("/help"),
    "announcements": at("/announcements"),
    "messages": at("/messages"),
    "which messages": at("/messages/wishes"),
    "helpers": at("/help/helpers"),
    "a new helper": at("/help/helpers/new"),
    "a code for a helper": at("/help/helpers/code?resident=1"),
    "helping somebody": at("/help/helped"),
    "dismissing a helper": at("/help/helpers/1/end?name=王丽"),
    "done for me": at("/help/done-for-me"),
    "ability level": at("/help/ability"),
    "consents": at("/help/consents"),
    "one consent": at("/help/consents/notice"),
    "my data": at("/help/my-data"),
    "closing the account": at("/help/close"),
    "closing it for sure": at("/help/close/sure"),
    "text size": at("/help/text-size"),
    "contrast": at("/help/contrast"),
    "language": at("/help/language"),
    "about": at("/help/about"),
    "privacy": at("/privacy"),
    "devices": at("/help/devices"),
    "sign out": at("/help/sign-out"),
    "no such page": at("/nonsense"),
    "who comes": at("/visits"),
    "one who comes": at("/visits/900001"),
    "a word to the provider": at("/visits/900001/wish?kind=complaint"),
    "care plan": at("/visits/plans/1"),
    "vouchers": at("/vouchers"),
    "asking for a voucher": at("/vouchers/apply"),
    "ordering: what": at("/orders/new"),
    "ordering: when": at("/orders/new/when?resident=1&services=bathing"),
    "what was ordered": at("/orders"),
    "cancelling an order": at("/orders/1/cancel"),
    "what I said": at("/visits/said/900001"),
    "it is not solved": at("/visits/said/900001/again"),
    "money at canteens": at("/wallets"),
    "one wallet": open_wallet,
    "asking for money back": ask_money_back,
    "paying in by phone": open_top_up,
    "what was paid in by phone": at("/top-ups"),
    "what is added to meals": at("/meals/subsidy"),
    "my subsidies": at("/subsidies"),
    "where an amount comes from": open_from_subsidies(AN_AMOUNT),
    "an amount is wrong": open_from_subsidies(AN_AMOUNT, "/wrong"),
    "asking for a subsidy": open_from_subsidies("[href*='claims/new']"),
    "asking for one of several months": open_from_subsidies("[href*='programme=renovation']"),
    "a claim of a subsidy": open_from_subsidies(A_CLAIM),
    "a paper of a claim": open_from_subsidies(A_CLAIM, "/paper?evidence=bed_book"),
    "what I owe back": at("/subsidies/owed"),
    "one that I owe back": open_from_subsidies("[href*='/owed/']"),
    "care workers sign in": at("/work/sign-in"),
}


def come_to_work(phone: Page, sign_in_name: str = "careworker") -> None:
    """Sign a care worker in, by the name and password that her provider gave."""
    open_screen(phone, "/work/sign-in")
    phone.locator("#worker-name").fill(sign_in_name)
    phone.locator("#worker-password").fill("yinling-demo")
    phone.locator("button[form=worker]").tap()
    phone.wait_for_url("**/app/work")
    phone.locator("main .list__row").first.wait_for()


def open_next_visit(phone: Page) -> None:
    """From the day of a care worker to a visit that is still to be made."""
    open_screen(phone, "/work")
    phone.locator("a.list__row:has(.badge--info)").first.tap()
    phone.wait_for_url("**/work/visits/*")
    phone.locator("h2").first.wait_for()


SCREENS_AT_WORK: Mapping[str, Callable[[Page], None]] = {
    "work": at("/work"),
    "a visit to be made": open_next_visit,
}

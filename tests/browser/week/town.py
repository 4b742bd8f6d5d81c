"""A town with one canteen, served from the test's own process, so that its clock can be moved."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from scheduler.runs import Entry, Run, run_latest_slot
from scheduler.timetable import at
from server import clock
from server.db import sessions
from server.facilities.stays.knowing import let_site_know
from server.identity.models import Role
from server.meals.counter.keys import find_signer, renew_keys
from server.meals.queries.bookings import get_booking
from server.residents.models import GrantKind
from tests.browser.conftest import DESK
from tests.browser.week.people import ELDERS, HELPER, PAPER, SELF, STANDING, TELEPHONE, Elder
from tests.cities import CITY, VILLAGE
from tests.concurrency.racing import look
from tests.factories.consents import make_consent
from tests.factories.meals import make_canteen
from tests.factories.people import (
    an_id_number,
    make_account,
    make_hardship,
    make_resident,
    make_sign_in,
    make_staff,
)

CANTEEN = "柳荫老年食堂"
PASSWORD = "柳荫食堂的平板电脑密码"
SIGNED_IN_DAYS = 60
PATIENCE_MS = 10_000
TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "locale": "zh-CN"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "locale": "zh-CN",
}
COUNTY, CITY_WIDE = {"division_code": VILLAGE[:6]}, {"division_code": CITY}


class Town:
    """The canteen, its people, and the screens in front of them."""

    def __init__(self, browser: Browser, base_url: str, database: Any, now: Any) -> None:
        self._browser, self._base_url = browser, base_url
        self._database, self._now = database, now
        self._contexts: list[BrowserContext] = []
        self._desks: dict[str, Page] = {}
        self.tokens: dict[str, str] = {}
        self.ids: dict[str, int] = {}
        self.canteen_id = 0
        self.cook_name = ""
        with sessions.transaction() as session:
            self._settle(session)

    def _settle(self, session: Any) -> None:
        """What was there before the week: a canteen, its people, and who may eat there."""
        canteen = make_canteen(
            session, name=CANTEEN, discount_percent=10, charity_fen=50, delivers=True
        )
        self.canteen_id = canteen.site_id
        offices: Mapping[str, tuple[Role, dict[str, Any]]] = {
            "cook": (Role.CANTEEN_STAFF, {"site_id": self.canteen_id}),
            "window": (Role.COMMUNITY_WORKER, {"division_code": VILLAGE}),
            "county": (Role.COUNTY_OFFICER, COUNTY),
            "approver": (Role.APPROVER, CITY_WIDE),
        }
        for name, (role, where) in offices.items():
            staff = make_staff(session, role, password=PASSWORD, **where)
            self.tokens[name] = make_sign_in(session, staff=staff, days=SIGNED_IN_DAYS)
            if name == "cook":
                self.cook_name = staff.sign_in_name
        renew_keys(session)
        for number, elder in enumerate(ELDERS):
            self._move_in(session, number, elder)
        helped = [one for one in ELDERS if one.orders is HELPER]
        self._give_a_phone(session, "daughter", helped, kind=GrantKind.HELPER)

    def _move_in(self, session: Any, number: int, elder: Elder) -> None:
        resident = make_resident(
            session,
            name=elder.name,
            born_on=elder.born_on,
            id_number=an_id_number(100 + number, elder.born_on),
            address=f"黄华街 {number + 1} 号",
        )
        self.ids[elder.name] = resident.id
        if elder.is_poor:
            make_hardship(session, resident)
        if elder.orders in (SELF, STANDING):
            self._give_a_phone(session, elder.name, [elder])
        if elder.orders in (PAPER, TELEPHONE):
            # They ate here before: the canteen knows them.
            until = date(clock.today().year + 1, 1, 1)
            let_site_know(session, resident.id, self.canteen_id, until=until)

    def _give_a_phone(self, session: Any, whose: str, elders: list[Elder], **given: Any) -> None:
        residents = [_Known(self.ids[elder.name]) for elder in elders]
        account = make_account(session, *residents, **given)
        make_consent(session, "notice", account=account)
        self.tokens[whose] = make_sign_in(session, account=account, days=SIGNED_IN_DAYS)

    def it_is(self, day: date, hour: str) -> None:
        """The clocks of the city come to this time, and go on from there."""
        self._now.move_to(datetime.combine(day, time.fromisoformat(hour), clock.CITY))

    def by_itself(self, work: Callable[[Run], int]) -> None:
        """What the scheduler does at such a time."""
        entry = Entry(f"{work.__name__}-{uuid4().hex}", at(month=1, day=1), "Tests.", work)
        run_latest_slot(entry, CITY, Event())

    def desk(self, name: str) -> Page:
        """The console in front of a member of staff, who sits there the whole week."""
        if name not in self._desks:
            context = self._open(**DESK)
            cookie = {"name": "yinling_console", "value": self.tokens[name], "path": "/admin"}
            context.add_cookies([{**cookie, "domain": "127.0.0.1"}])  # type: ignore[list-item]
            self._desks[name] = context.new_page()
        return self._desks[name]

    def phone(self, elder: Elder) -> Page:
        """The phone app in an elder's hand."""
        context = self._open(**PHONE, service_workers="block")
        token = json.dumps(self.tokens[elder.name])
        context.add_init_script(f'localStorage.setItem("yinling.token", {token});')
        return context.new_page()

    def tablet(self) -> Page:
        """A tablet at the counter, signed in with its day's list."""
        page = self._open(**TABLET, service_workers="block").new_page()
        page.goto("/app/counter/")
        page.locator("#name").fill(self.cook_name)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.get_by_text("今天预订").wait_for()
        return page

    def _open(self, **manner: Any) -> BrowserContext:
        context = self._browser.new_context(base_url=self._base_url, **manner)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        return context

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def post(self, path: str, body: dict[str, Any], *, by: str) -> Any:
        """Send what the phone or the tablet of somebody sends, and return the answer."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
            "Authorization": f"Bearer {self.tokens[by]}",
        }
        address = f"{self._base_url}/api/v1{path}"
        request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def book(self, elder: Elder, day: date, *, by: str | None = None) -> None:
        """By a phone that speaks to the API."""
        wish = {"sitting_id": self.sitting(day), "resident_id": self.ids[elder.name]}
        self.post("/bookings", wish, by=by or elder.name)

    def hand_out(self, day: date, *elders: Elder) -> None:
        """By a tablet that speaks to the API: all of them are accepted."""
        now = clock.now().isoformat()
        meals = [
            {"key": uuid4().hex, "at": now, "how": "name", "booking_id": self.booking(one, day)}
            for one in elders
        ]
        path = f"/counter/canteens/{self.canteen_id}/collections"
        answer = self.post(path, {"sent_at": now, "collections": meals}, by="cook")
        assert {one["state"] for one in answer["items"]} == {"accepted"}

    def sitting(self, day: date) -> int:
        [(number,)] = self.look(f"SELECT id FROM sitting WHERE service_on = '{day}'")
        return int(number)

    def booking(self, elder: Elder, day: date) -> int:
        [(number,)] = self.look(
            f"SELECT id FROM booking WHERE resident_id = {self.ids[elder.name]}"
            f" AND service_on = '{day}' AND status <> 'cancelled'"
        )
        return int(number)

    def code(self, elder: Elder, day: date) -> str:
        """The six digits of a meal, as they stand on the phone or on a slip."""
        query = f"SELECT code FROM booking WHERE id = {self.booking(elder, day)}"
        [(code,)] = self.look(query)
        return str(code)

    def signed_code(self, elder: Elder, day: date) -> str:
        """What a camera reads from the QR code on the phone."""
        with sessions.transaction(writes=False) as session:
            signer = find_signer(session)
            assert signer is not None
            return signer.token(get_booking(session, self.booking(elder, day)))

    def look(self, query: str) -> list[tuple[Any, ...]]:
        return look(self._database, query)


class _Known:
    """A resident of whom only the number is needed."""

    def __init__(self, number: int) -> None:
        self.id = number


def serving(application: Any) -> Any:
    """A server of the application in a thread of this process; `.port` says where."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return server

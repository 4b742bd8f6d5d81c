"""A desk with the console open: mounted as in service, every page of it linted."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import event
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from admin.app import create_app
from admin.meals import reading
from server import clock
from server.identity.models import Role, Staff, StaffRole
from server.meals.models import BookedBy, Booking, BookingStatus
from server.residents.models import CareLink
from tests.admin.page_lint import findings, read
from tests.cities import CITY
from tests.factories.meals import make_canteen, make_site, make_sitting
from tests.factories.people import LONG_AGO, PASSWORD, give_password, make_resident, make_sign_in

_numbers = count(1)
OF_A_SITE = {Role.FACILITY_OPERATOR, Role.HOME_CARE_PROVIDER, Role.CARE_WORKER}


class Desk:
    """A browser at the console: keeps cookies, fills in the form guard, lints what it is shown."""

    def __init__(self, app, session, token=None, language="zh-CN"):
        self.client = Client(DispatcherMiddleware(Response(status=404), {"/admin": app}))
        self.session = session
        self.language = language
        self._guard = None
        if token:
            self.client.set_cookie("yinling_console", token, path="/admin")

    def get(self, path, **headers):
        self.session.commit()
        sent = {"Accept-Language": self.language} | headers
        return self._checked(self.client.get(f"/admin{path}", headers=sent, buffered=True), sent)

    def post(self, path, form=None, *, guard=True, **headers):
        """Send a form; its guard is taken from a page, as a browser does."""
        sent = {"Accept-Language": self.language} | headers
        guarded = {"csrf_token": self.guard()} if guard else {}
        self.session.commit()
        answer = self.client.post(f"/admin{path}", data=guarded | (form or {}), headers=sent)
        return self._checked(answer, sent)

    def guard(self):
        """Return what a page's form holds; it holds until a cookie changes."""
        if self._guard is None:
            page = self.get("/no-such-page")
            self._guard = next(
                one.attributes["value"]
                for one in read(page.text).find("input")
                if one.attributes.get("name") == "csrf_token"
            )
        return self._guard

    def _checked(self, response, sent):
        if "Set-Cookie" in response.headers:
            self._guard = None
        if response.mimetype == "text/html" and response.text and response.status_code // 100 != 3:
            assert findings(response.text, is_part="HX-Request" in sent) == []
        return response


@pytest.fixture(scope="session")
def app():
    return create_app()


@pytest.fixture(autouse=True)
def no_board_is_remembered():
    reading._boards.forget()


@pytest.fixture
def hire(session):
    """Gives someone an office: `hire(Role.CANTEEN_STAFF, site_id=…)`."""

    def enter(role, *, site_id=None, division_code=None, name="王主任"):
        if site_id is None and division_code is None:
            division_code = CITY
        staff = Staff(
            sign_in_name=f"staff{next(_numbers)}",
            display_name=name,
        )
        session.add(staff)
        session.flush()
        give_password(session, staff, PASSWORD)
        session.add(
            StaffRole(
                staff_id=staff.id,
                role=role,
                site_id=site_id,
                division_code=division_code,
                starts_on=LONG_AGO,
            )
        )
        session.flush()
        return staff

    return enter


@pytest.fixture
def canteen(session):
    return make_canteen(session, name="建设路食堂")


@pytest.fixture
def sitting(session, canteen):
    """Today's lunch at the canteen."""
    return make_sitting(session, canteen, in_days=0)


@pytest.fixture
def sit_down(app, session, hire):
    """A desk at which someone of this office sits: `sit_down(Role.AUDITOR)`."""

    def open_desk(role, **where):
        return Desk(app, session, make_sign_in(session, staff=hire(role, **where)))

    return open_desk


@pytest.fixture
def desk(sit_down, canteen):
    """The canteen's own staff at their desk."""
    return sit_down(Role.CANTEEN_STAFF, site_id=canteen.site_id)


@pytest.fixture
def stranger(app, session):
    return Desk(app, session)


@pytest.fixture
def every_office(sit_down, canteen, session):
    """A desk for each role, at the sort of place that the role has."""

    def open_desk(role):
        if role is Role.CANTEEN_STAFF:
            return sit_down(role, site_id=canteen.site_id)
        if role in OF_A_SITE:
            return sit_down(role, site_id=make_site(session).id)
        return sit_down(role)

    return open_desk


@pytest.fixture
def seat(session):
    """Books someone a place, as the phone does: `seat(sitting, name="李秀英", code="482913")`."""
    codes = iter(range(100001, 999999))

    def book(sitting, *, name="李秀英", code=None, status=BookingStatus.BOOKED, at=None, **given):
        resident = make_resident(session, name=name)
        moment = at or clock.now()
        booking = Booking(
            sitting_id=sitting.id,
            canteen_id=sitting.canteen_id,
            resident_id=resident.id,
            service_on=sitting.service_on,
            meal=sitting.meal,
            status=status,
            booked_by=BookedBy.SELF,
            list_price_fen=1200,
            operator_discount_fen=0,
            subsidy_fen=0,
            charity_fen=0,
            own_pay_fen=1200,
            reasons=[],
            code=code or str(next(codes)),
            booked_at=moment,
            collected_at=moment if status is BookingStatus.COLLECTED else None,
            cancelled_at=moment if status is BookingStatus.CANCELLED else None,
            **given,
        )
        link = CareLink(
            resident_id=resident.id,
            site_id=sitting.canteen_id,
            starts_on=LONG_AGO,
            ends_on=date(2160, 1, 1),
        )
        session.add_all([booking, link])
        session.flush()
        return booking

    return book


@pytest.fixture
def statements(engine):
    """Counts the statements sent to the database: `with statements() as sent: …`; `len(sent)`."""

    class Counting(list):
        def __enter__(self):
            event.listen(engine, "before_cursor_execute", self._note)
            return self

        def __exit__(self, *failure):
            event.remove(engine, "before_cursor_execute", self._note)

        def _note(self, connection, cursor, statement, *rest):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                self.append(statement)

    return Counting

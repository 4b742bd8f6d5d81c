"""Whoever serves one county reads nothing of the next: by address, list, search, file or plain SQL.

Every route of every face is walked with keys of the next county. A route with a parameter for
which the county has no key fails here, so that none that comes later can be forgotten.
"""

from base64 import b64encode
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from admin.app import create_app as create_console
from mobile_api.app import create_app as create_phone_api
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.open_api.app import create_app as create_open_api
from tests.admin.conftest import Desk
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.counties import County
from tests.factories.pictures import picture
from tests.server.residents.test_row_security import PERSONAL

pytestmark = pytest.mark.long

# Parameters that name no row of anybody.
OF_NOBODY = {
    "ending": "csv",
    "filename": "console.css",
    "library": "leaflet",
    "name": "swagger-ui.css",
    "code": "payee",
    "purpose": "health",
    "part": "papers",
    "leaving_key": "a-key-of-a-device",
    "provider": "sandbox",
    "kind": "notice",
    "job": "remind_caregivers",
    "programme": "facility_operation",
    "pack_id": 1,
    "version_id": 1,
    "number": 1,
}
# Addresses that answer about the next county, each with why they may.
PUBLIC = {
    "GET /v1/homes/<int:site_id>": "which homes there are is public",
    "GET /v1/sites/photos/<int:file_id>": "homes show photos of themselves to everybody",
    "GET /v1/canteens/<int:canteen_id>": "where one may eat is public",
    "GET /v1/canteens/<int:canteen_id>/menu": "menus are public",
    "GET /v1/canteens/<int:canteen_id>/places": "how many places are left is public",
    "GET /v1/canteens/<int:canteen_id>/notices": "what a canteen announces is public",
    "PUT /v1/announcements/<string:kind>/<int:announcement_id>/reading": "a mark of one's own",
}
ONE_PART = "/<any(papers, stars, prices, licences):part>"
OF_THE_REGISTER = {
    f"GET /providers/sites/<int:site_id>{page}"
    for page in (
        "",
        ONE_PART,
        f"{ONE_PART}/export.<any(csv, xlsx):ending>",
        "/photos",
        "/photos/<int:file_id>",
        "/photos/export.<any(csv, xlsx):ending>",
    )
}
OF_A_COUNTY = (
    "community_worker",
    "county_officer",
    "approver",
    "cashier",
    "auditor",
    "administrator",
)
AT_A_SITE = ("facility_operator", "home_care_provider", "care_worker")
READ_THE_PUBLIC_REGISTER = {"facility_operator", "home_care_provider"}
# Offices of a county see by the same rules, and those at a site: two of each are walked at every
# change, all by night.
BY_NIGHT = {"approver", "cashier", "auditor", "administrator", "home_care_provider"}
ROLES = (*OF_A_COUNTY, *AT_A_SITE, "canteen_staff")
WALKED = [
    pytest.param(role, marks=[pytest.mark.nightly] if role in BY_NIGHT else []) for role in ROLES
]

# What a route must be sent so that it is about the key, and not about the form.
REASON = {"reason": "核对材料"}
SEEN = REASON | {"has_seen": "yes"}
FORMS = {
    "passkeys.rename": {"label": "电脑"},
    "care_visit.move": {"worker": "1", "starts_at": "2026-01-01T09:00"},
    "care_visit.swap": {"other_visit": "1"},
    "care_visit.cancel": {"cancel_reason": "老人住院"},
    "care_visit.ask_correction": {
        "arrived_at": "2026-01-01T09:00",
        "left_at": "2026-01-01T10:00",
        "correction_reason": "手机没电",
    },
    "care_visit.decide": {"is_right": "true"},
    "care_wishes.answer": {"answer": "已经补上"},
    "meal_voices.answer": {"answer": "已经补上"},
    "meal_settlement.note_paid": {"paid_on": "2026-01-01", "paid_number": "1"},
    "meal_adjustments.decide": {"is_right": "true"},
    "care_entitlements.refuse": REASON,
    "care_entitlements.stop": {"end_reason": "withdrawn"},
    "care_orders.assign_worker": {"worker": "1", "starts_at": "2026-01-01T09:00"},
    "care_orders.cancel": {"cancel_reason": "不需要了"},
    "care_checks.note_result": {"result": "there"},
    "home_bed_steps.place_home": {"longitude": "112.8", "latitude": "35.4"},
    "call_desk.keep_answers": {"there": "yes"},
    "call_desk.keep_try": {"try_outcome": "no_answer"},
    "care_plan.draft": {"starts_on": "2026-01-01"},
    "residents_phones.vouch": SEEN,
    "residents_phones.sign_out": SEEN,
    "residents_phones.replace": SEEN | {"new_phone": "13912345678"},
    "residents_status.end_hardship": {"last_day": "2026-01-01"},
    "residents_status.end_special_care": {"last_day": "2026-01-01"},
    "residents_departures.reverse_departure": REASON,
    "offices.give": REASON | {"role": "auditor", "held_at": "d140502", "starts_on": "2026-01-01"},
    "staff.do": {"act": "reset-password"} | REASON,
    "keys.give": REASON | {"sites": ["1"]},
    "keys.revoke": REASON,
    "referrals.accept_referral": {"planned_on": "2026-11-30"},
    "referrals.decline_referral": {"decline_reason": "没有床位"},
    "queue.remove_entry": {"end_reason": "家属来电"},
    "visits.decline_visit": {"answer": "当天不便"},
    "subsidy_samples.draw": {"seed": "太行山上的雪"},
    "subsidy_samples.enter_result": {"amount": "1"},
    "findings.take": {"due_on": "2026-12-31"},
    "findings.settle": {"came_to": "true", "note": "已核对"},
    "findings.recover": {"amount": "1", "how": "已核对"},
    "findings.close": {"note": "已核对"},
    "residents_duplicates.open_both": REASON,
    "residents_duplicates.tell_apart": REASON,
    "residents_duplicates.propose": REASON | {"kept": "one"},
    "residents_merges.give_back": {"note": "已核对"},
    "residents_merges.undo": REASON,
    "bed_devices.put_up": {
        "kind": "other",
        "serial": "S",
        "invoice_number": "F",
        "price": "1",
        "installed_on": "2026-11-01",
    },
    "bed_devices.move": {"removed_on": "2026-11-01", "to_bed": "1"},
    "bed_devices.take_away": {"removed_on": "2026-11-01"},
    "duty_desk.close": {"outcome": "helped"},
    "meals_for.book": {"canteen": "1", "sitting": "1"},
    "caregivers_asking.let_go": {"last_day": "2026-12-31"},
    "caregivers_asking.keep": {"said": "还需要她"},
    "subsidy_budgets.decide_change": {"is_right": "true"},
    "subsidy_batch.cancel": {"words": "重做"},
    "subsidy_batch.make_file": {"layout": "generic", "ending": "csv", "purpose": "补贴"},
    "subsidy_batch.open_file": REASON,
    "subsidy_batch.take_return": {"layout": "generic"},
    "subsidy_batch.reconcile": {"amount": "1"},
    "subsidy_recoveries.receive": {"amount": "1", "receipt": "1", "on_day": "2026-01-01"},
    "subsidy_recoveries.ask_deferment": {"until": "2099-01-01", "words": "困难"},
    "subsidy_recoveries.ask_write_off": {"amount": "1", "words": "困难"},
    "subsidy_recoveries.decide": {"is_right": "true"},
    "subsidy_accounts.decide_account": {"is_right": "true"},
}
SEARCHES = ("{sign}", "{sign}秀英", "xiuying", "{phone}", "{id_number}")
LISTS_WITH_FILTERS = (
    ("providers.list_sites", "/providers/sites?division={county}"),
    ("providers.list_sites", "/providers/sites?name={sign}"),
    ("providers.export_sites", "/providers/sites/export.csv?division={county}"),
    ("meals_overview.show", "/meals/overview?division={county}"),
    ("assessments.list", "/residents/assessments?division={county}"),
    ("staff.list_people", "/staff?division={county}"),
    ("staff.list_people", "/staff?name={sign}"),
    ("trail.list", "/trail?table=resident"),
)


@pytest.fixture(scope="module")
def console():
    return create_console()


@pytest.fixture(scope="module")
def phone_api():
    return create_phone_api()


@pytest.fixture
def near(session):
    return County(session, VILLAGE, sign="甲", house="甲乙", number=1101)


@pytest.fixture
def far(session, near):
    return County(session, OTHER_COUNTY_VILLAGE, sign="欧阳", house="沁河", number=2202)


@pytest.fixture
def seat(session, near, far):
    """Someone of the near county: `seat("auditor")` returns their token."""

    def take(role):
        session.connection()
        where = {}
        if role in AT_A_SITE:
            where = {"site_id": near.home.id}
        elif role == "canteen_staff":
            where = {"site_id": near.canteen.site_id}
        _, token = near.hire(role, **where)
        session.commit()
        return token

    return take


def routes(app):
    """Return "METHOD rule" → (method, rule) of every route."""
    return {
        f"{method} {rule.rule}": (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    }


def address_of(app, rule, keys):
    """Fill the address with keys; raises `KeyError` for a parameter that has none."""
    given = {name: {**keys, **OF_NOBODY}[name] for name in rule.arguments}
    with app.test_request_context("/"):
        return app.url_map.bind("localhost").build(rule.endpoint, given)


def about_somebody(app):
    return {
        name: route for name, route in routes(app).items() if route[1].arguments - OF_NOBODY.keys()
    }


def lists(app):
    return {
        name: route
        for name, route in routes(app).items()
        if route[0] == "GET" and not route[1].arguments - {"ending"}
    }


def said_of(county, answer, role=None, endpoint=""):
    """Return which marks of a county an answer carries, whatever its form.

    The register of sites is public; whoever works at one site may look up all of it.
    """
    content = answer.get_data()
    is_public = role in READ_THE_PUBLIC_REGISTER and endpoint.startswith(
        ("providers.", "referrals.")
    )
    marks = county.marks | (set() if is_public else {county.house})
    return [mark for mark in sorted(marks) if mark.encode() in content]


class Unpacked:
    """A workbook is a zip: what it says is compressed."""

    def __init__(self, answer):
        with ZipFile(BytesIO(answer.get_data())) as parts:
            self.content = b"".join(parts.read(name) for name in parts.namelist())

    def get_data(self):
        return self.content


def contents_of(answer):
    return Unpacked(answer) if answer.get_data().startswith(b"PK") else answer


def send(desk, method, address, form=None):
    return desk.get(address) if method == "GET" else desk.post(address, form or {})


@pytest.mark.parametrize("role", WALKED)
def test_no_page_of_the_console_opens_for_a_key_of_the_next_county(
    console, session, far, seat, role
):
    desk, told = Desk(console, session, seat(role)), {}
    for name, (method, rule) in about_somebody(console).items():
        answer = send(desk, method, address_of(console, rule, far.keys), FORMS.get(rule.endpoint))
        told[name] = (answer.status_code, said_of(far, answer, role, rule.endpoint))

    shown = {name for name, one in told.items() if one not in ((403, []), (404, []))}
    assert shown == (OF_THE_REGISTER if role in READ_THE_PUBLIC_REGISTER else set())


def test_a_key_of_the_next_county_does_not_open_behind_one_of_ones_own(
    console, session, near, far, seat
):
    """The file in the address is open; the row in it is another's."""
    desk = Desk(console, session, seat("county_officer"))
    opened = desk.post(f"/residents/{near.resident.id}/openings", {"reason": "核对材料"})
    assert opened.status_code == 303
    mixed, told = far.keys | {"resident_id": near.resident.id}, {}
    for name, (method, rule) in about_somebody(console).items():
        if rule.arguments - OF_NOBODY.keys() > {"resident_id"}:
            is_end = rule.endpoint.startswith("residents_facts.end_")
            address = address_of(console, rule, mixed)
            form = {"last_day": "2026-01-01"} if is_end else FORMS.get(rule.endpoint)
            answer = send(desk, method, address, form)
            told[name] = (answer.status_code, said_of(far, answer))

    wrong = {name: one for name, one in told.items() if one not in ((403, []), (404, []))}
    assert {name for name, one in wrong.items() if one != (422, []) or "end" in name} == set()
    # An empty form is told before the row is looked for; nothing of the row stands in the answer.
    assert all(name.startswith("POST") for name in wrong)


@pytest.mark.parametrize("role", WALKED)
def test_no_list_and_no_file_of_the_console_names_the_next_county(
    console, session, far, seat, role
):
    desk = Desk(console, session, seat(role))
    told = {"county": far.code, "sign": far.sign}
    addresses = [
        (rule.endpoint, address_of(console, rule, {})) for _, rule in lists(console).values()
    ]
    addresses += [(page, one.replace(".csv", ".xlsx")) for page, one in addresses if ".csv" in one]
    addresses += [(page, one.format(**told)) for page, one in LISTS_WITH_FILTERS]
    for page, address in addresses:
        part = {"HX-Request": "true"} if page.endswith(".show_live") else {}
        answer = desk.get(address, **part)

        assert answer.status_code in (200, 302, 303, 403, 404, 422), address
        typed = {far.sign} if "name=" in address else set()
        assert set(said_of(far, contents_of(answer), role, page)) - typed == set(), address


@pytest.mark.parametrize("role", ["community_worker", "county_officer", "auditor"])
@pytest.mark.parametrize("sought", SEARCHES)
def test_nobody_of_the_next_county_is_found(console, session, far, seat, role, sought):
    desk = Desk(console, session, seat(role))
    term = sought.format(sign=far.sign, phone=far.phone, id_number=far.id_number)

    answer = desk.post("/residents/search", {"term": term})

    assert f"/residents/{far.resident.id}" not in answer.text
    assert f"{far.sign}巷" not in answer.text


class TestThePhone:
    @pytest.fixture
    def call(self, phone_api, session, near):
        def send(method, address, body=None):
            session.commit()
            headers = {
                "Authorization": f"Bearer {near.token}", "Idempotency-Key": uuid4().hex,
            }  # fmt: skip
            return phone_api.test_client().open(address, method=method, json=body, headers=headers)

        return send

    def test_answers_about_nobody_one_does_not_act_for(self, phone_api, far, near, call):
        for name, (method, rule) in about_somebody(phone_api).items():
            address = address_of(phone_api, rule, far.keys)
            query = f"?resident_id={far.resident.id}" if "quote" in rule.rule else ""
            body = PHONE_BODIES.get(name, lambda far: None)(far)
            answer = call(method, address + query, body)

            assert (answer.status_code in (403, 404)) != (name in PUBLIC), name
            assert set(said_of(far, answer)) - {far.sign} == set(), name
            assert name in PUBLIC or far.sign not in answer.text, name

    def test_books_and_lists_for_nobody_else(self, far, near, call):
        wish = {"sitting_id": near.sitting.id, "resident_id": far.resident.id}

        assert call("POST", "/v1/bookings", wish).status_code == 404
        for path in ("/v1/bookings", "/v1/canteens"):
            assert call("GET", f"{path}?resident_id={far.resident.id}").status_code == 404, path

    def test_no_list_names_anybody_of_the_next_county(self, phone_api, far, call):
        for name, (_, rule) in lists(phone_api).items():
            answer = call("GET", rule.rule)

            people = {f"{far.sign}秀英", f"{far.sign}代办", far.id_number, far.meal_code}
            people.add(far.phone.removeprefix("+86"))
            assert [one for one in people if one.encode() in answer.get_data()] == [], name


PHONE_BODIES = {
    "POST /v1/subsidies/<int:run_id>/lines/<int:number>/objection": lambda far: {
        "said": "没有住在这里"
    },
    "POST /v1/subsidy-claims/<int:claim_id>/papers": lambda far: {
        "evidence": "bed_book",
        "picture": b64encode(picture()).decode(),
    },
    "POST /v1/renovations/<int:renovation_id>/agreement": lambda far: {"quote_id": 1},
    "POST /v1/renovations/<int:renovation_id>/refusal": lambda far: {"quote_id": 1},
    "POST /v1/renovations/<int:renovation_id>/rating": lambda far: {"score": 5},
    "PUT /v1/bookings/<int:booking_id>/rating": lambda far: {"score": 3},
    "POST /v1/bookings/<int:booking_id>/voices": lambda far: {"kind": "cold"},
    "POST /v1/meal-voices/<int:voice_id>/follow-up": lambda far: {"words": "还是凉的"},
    "PUT /v1/care-visits/<int:visit_id>/rating": lambda far: {"score": 3},
    "POST /v1/care-wishes/<int:wish_id>/follow-up": lambda far: {"words": "还是没来"},
    "POST /v1/care-visits/<int:visit_id>/wishes": lambda far: {"kind": "change", "words": "早些"},
    "POST /v1/applications/<int:application_id>/offers/<int:offer_id>/acceptance": lambda far: {
        "planned_on": "2026-12-01"
    },
    "POST /v1/standing-orders/<int:standing_id>/pauses": lambda far: {
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-02",
    },
    "POST /v1/residents/<int:resident_id>/helper-codes": lambda far: {"scopes": ["book_meals"]},
    "PUT /v1/residents/<int:resident_id>/eating-needs": lambda far: {
        "usual_diet": "soft",
        "allergens": [],
        "dislikes": [],
    },
    "PUT /v1/residents/<int:resident_id>/usual-canteen": lambda far: {
        "canteen_id": far.canteen.site_id
    },
    "POST /v1/residents/<int:resident_id>/helpers": lambda far: {
        "phone": "13912345678",
        "name": "某某",
        "relation": "child",
        "scopes": ["book_meals"],
    },
}


def test_the_open_api_names_no_person(session, near, far):
    app = create_open_api()
    client = Client(DispatcherMiddleware(Response(status=404), {"/open": app}))
    people = {f"{one.sign}秀英".encode() for one in (near, far)}
    people |= {one.id_number.encode() for one in (near, far)}
    session.commit()
    for name, (method, rule) in routes(app).items():
        address = address_of(app, rule, {})
        answer = client.open(f"/open{address}", method=method, buffered=True)

        assert [one for one in people if one in answer.get_data()] == [], name


ROWS = "SELECT md5(r::text) FROM {table} r{unless}"
# Homes show photos of themselves to everybody.
UNLESS_PUBLIC = {
    "file": " WHERE purpose <> 'site_photo'",
    "file_content": " WHERE EXISTS (SELECT 1 FROM file f"
    " WHERE f.id = r.file_id AND f.purpose <> 'site_photo')",
}


def rows_of(session, table):
    rows = ROWS.format(table=table, unless=UNLESS_PUBLIC.get(table, ""))
    return set(session.execute(text(rows)).scalars())


class TestAQueryThatForgotItsFilter:
    """Plain SQL without any condition, by the application's own role, under somebody's sign-in."""

    @pytest.fixture
    def before(self, session, near):
        session.connection()
        return {table: rows_of(session, table) for table in PERSONAL}

    @pytest.fixture
    def of_the_next(self, session, before, far):
        """The rows that came with the next county."""
        session.commit()
        session.connection()
        return {table: rows_of(session, table) - before[table] for table in PERSONAL}

    def test_every_table_has_a_row_of_the_next_county(self, of_the_next):
        assert [table for table, rows in of_the_next.items() if not rows] == []

    @pytest.mark.parametrize("role", ROLES)
    def test_reads_no_row_of_the_next_county(self, of_the_next, seat, role):
        token = seat(role)
        with (
            acting(Act(Face.CONSOLE, "tests", "test", token=token)),
            sessions.transaction(writes=False) as own,
        ):
            seen = {table: rows_of(own, table) & of_the_next[table] for table in PERSONAL}

        found = {table for table, rows in seen.items() if rows}
        assert found <= (SEEN_BY_ADMINISTRATORS if role == "administrator" else set())

    def test_reads_no_row_of_the_next_county_by_a_phone(self, of_the_next, near):
        with (
            acting(Act(Face.PHONE, "tests", "test", token=near.token)),
            sessions.transaction(writes=False) as own,
        ):
            seen = {table for table in PERSONAL if rows_of(own, table) & of_the_next[table]}

        assert seen == set()


# Whoever manages accounts sees accounts, and no secret of one; which of them may be touched the
# service says.
SEEN_BY_ADMINISTRATORS = {
    "api_call", "api_key", "passkey", "sign_in", "staff", "staff_role", "staff_ticket",
}  # fmt: skip

"""listPeople, invite, showPerson, do, give: accounts are managed by those who see no elder."""

import re

import pytest
from sqlmodel import select

from server import clock
from server.audit.models import ActRow
from server.identity.models import Role, SignIn, StaffRole
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.conftest import PASSWORD, Desk
from tests.admin.page_lint import read
from tests.cities import VILLAGE
from tests.factories.meals import make_site
from tests.factories.people import make_sign_in
from tests.server.identity.conftest import Authenticator

ADMINISTRATORS = {Role.ADMINISTRATOR}
NEW_PASSWORD = "晋城 korrekt pferd batterie"


@pytest.fixture
def admin_desk(sit_down):
    return sit_down(Role.ADMINISTRATOR)


@pytest.fixture
def colleague(hire):
    return hire(Role.CITY_OFFICER, name="郝正言")


def do(desk, person, act, reason="本人电话申请", **more):
    return desk.post(f"/staff/{person.id}/acts", {"act": act, "reason": reason} | more)


def last_act(session):
    """What the last person did; the tests' own acts are the platform's."""
    by_staff = select(ActRow).where(ActRow.staff_id.is_not(None))
    return session.exec(by_staff.order_by(ActRow.id.desc())).first()


class TestTheList(OpensFor):
    roles = ADMINISTRATORS

    @pytest.fixture
    def address(self):
        return "/staff"

    def test_shows_everybody_with_offices(self, admin_desk, colleague):
        page = admin_desk.get("/staff").text

        assert colleague.sign_in_name in page
        assert "市级民政 · 晋城市" in page

    @pytest.mark.parametrize(
        ("query", "is_there"),
        [("name=正言", True), ("name=nobody", False), ("role=city_officer", True),
         ("role=cashier", False), ("division=140521", False), ("state=disabled", False),
         ("state=open", True)],
    )  # fmt: skip
    def test_is_filtered(self, admin_desk, colleague, query, is_there):
        assert (colleague.sign_in_name in admin_desk.get(f"/staff?{query}").text) is is_there

    def test_asks_the_database_as_often_for_many_as_for_one(
        self, admin_desk, hire, statements, session
    ):
        admin_desk.get("/staff")
        with statements() as few:
            admin_desk.get("/staff")
        for _ in range(8):
            hire(Role.AUDITOR)
        with statements() as many:
            admin_desk.get("/staff")

        assert len(many) == len(few)


class TestInviting(AcceptsFrom):
    roles = ADMINISTRATORS

    @pytest.fixture
    def address(self):
        return "/staff"

    @pytest.fixture
    def form(self):
        return {"sign_in_name": "zhang.wei", "display_name": "张伟", "reason": "新同事"}

    def test_shows_a_code_once_and_the_person_chooses_a_password(
        self, admin_desk, stranger, form, session
    ):
        page = admin_desk.post("/staff", form).text
        code = re.search(r'id="one-time-code">([0-9A-Z-]+)<', page)[1]
        assert last_act(session).reason == "新同事"

        answer = stranger.post(
            "/sign-in/code",
            {"sign_in_name": "zhang.wei", "code": code, "password": NEW_PASSWORD,
             "again": NEW_PASSWORD},
        )  # fmt: skip

        assert answer.headers["Location"] == "/admin/"
        assert "张伟" in stranger.get("/").text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [({"reason": ""}, "原因"), ({"sign_in_name": "张伟"}, "登录名"),
         ({"phone": "12"}, "")],
    )  # fmt: skip
    def test_names_what_is_missing(self, admin_desk, form, wrong, said):
        answer = admin_desk.post("/staff", form | wrong)

        assert answer.status_code == 422
        assert said in answer.text

    def test_says_that_a_name_is_taken(self, admin_desk, form):
        admin_desk.post("/staff", form)

        answer = admin_desk.post("/staff", form)
        assert answer.status_code == 409
        assert "已经有人用了" in answer.text


def test_two_passwords_that_differ_are_told_and_nothing_is_kept(stranger):
    answer = stranger.post(
        "/sign-in/code",
        {"sign_in_name": "x1", "code": "ABCDE-FGHJK-MNPQR", "password": NEW_PASSWORD,
         "again": "something else"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "两次输入的密码不一样" in answer.text
    assert NEW_PASSWORD not in answer.text


class TestActs(AcceptsFrom):
    roles = ADMINISTRATORS

    @pytest.fixture
    def address(self, colleague):
        return f"/staff/{colleague.id}/acts"

    @pytest.fixture
    def form(self):
        return {"act": "disable", "reason": "调离"}

    def test_without_a_reason_nothing_is_done(self, admin_desk, colleague, session):
        assert do(admin_desk, colleague, "disable", reason="").status_code == 422
        session.refresh(colleague)
        assert colleague.disabled_at is None

    def test_the_reason_stands_in_the_act(self, admin_desk, colleague, session):
        do(admin_desk, colleague, "disable", reason="调离")

        act = last_act(session)
        assert (act.action, act.reason) == ("staff.do", "调离")

    def test_whoever_is_locked_out_is_out_at_the_next_click(
        self, app, admin_desk, colleague, session
    ):
        theirs = Desk(app, session, make_sign_in(session, staff=colleague))
        assert theirs.get("/").status_code == 200

        do(admin_desk, colleague, "disable")

        assert theirs.get("/").status_code == 303

    def test_and_comes_in_again_when_let_in(self, admin_desk, colleague, session):
        do(admin_desk, colleague, "disable")
        assert do(admin_desk, colleague, "enable").status_code == 303

        session.refresh(colleague)
        assert colleague.disabled_at is None

    def test_an_office_ends_today(self, admin_desk, colleague, session):
        office = session.exec(select(StaffRole).where(StaffRole.staff_id == colleague.id)).one()

        do(admin_desk, colleague, f"end-office:{office.id}")

        session.refresh(office)
        assert office.ends_on == clock.today()

    def test_an_office_of_somebody_else_is_not_found(self, admin_desk, colleague, hire, session):
        other = hire(Role.AUDITOR)
        office = session.exec(select(StaffRole).where(StaffRole.staff_id == other.id)).one()

        assert do(admin_desk, colleague, f"end-office:{office.id}").status_code == 404
        assert do(admin_desk, colleague, "end-office").status_code == 404

    @pytest.mark.parametrize("act", ["", "promote", "end-office:x", "end-sign-in:9" * 9])
    def test_an_unknown_act_is_refused(self, admin_desk, colleague, act):
        assert do(admin_desk, colleague, act).status_code == 422

    def test_nobody_does_it_to_themselves(self, app, hire, session):
        me = hire(Role.ADMINISTRATOR)
        desk = Desk(app, session, make_sign_in(session, staff=me))

        assert do(desk, me, "reset-password").status_code == 403
        assert 'name="act"' not in desk.get(f"/staff/{me.id}").text


class TestGivingAnOffice(AcceptsFrom):
    roles = ADMINISTRATORS

    @pytest.fixture
    def someone(self, hire):
        return hire(Role.APPROVER, name="焦慎行")

    @pytest.fixture
    def address(self, someone):
        return f"/staff/{someone.id}/offices"

    @pytest.fixture
    def form(self):
        today = clock.today().isoformat()
        return {"role": "auditor", "held_at": "d140502", "starts_on": today, "reason": "任命"}

    def test_division_and_dates_are_kept(self, admin_desk, someone, address, form, session):
        answer = admin_desk.post(address, form | {"until": "2099-12-31"})

        assert answer.status_code == 303
        office = session.exec(
            select(StaffRole).where(StaffRole.staff_id == someone.id, StaffRole.role == "auditor")
        ).one()
        assert (office.division_code, office.ends_on.isoformat()) == ("140502", "2100-01-01")
        assert office.given_by is not None
        assert "2099-12-31" in admin_desk.get(f"/staff/{someone.id}").text

    def test_a_site_is_found_by_part_of_its_name(self, admin_desk, someone, address, session):
        site = make_site(session, name="德善养老院")

        page = read(admin_desk.get(f"{address}/new?place=德善").text)

        values = [e.attributes["value"] for e in page.find("input")
                  if e.attributes.get("name") == "held_at"]  # fmt: skip
        assert values == [f"s{site.id}"]

    def test_a_village_is_found_with_the_way_to_it(self, admin_desk, address):
        page = admin_desk.get(f"{address}/new?place=黄华街").text

        assert f'value="d{VILLAGE}"' in page
        assert "晋城市 城区 东街街道 黄华街社区" in page

    def test_duties_that_clash_are_told_in_words(self, admin_desk, address, form):
        answer = admin_desk.post(address, form | {"role": "cashier"})

        assert answer.status_code == 409
        assert "审批与付款分开" in answer.text

    @pytest.mark.parametrize(
        "wrong",
        [{"held_at": "d1406"}, {"held_at": "140502"}, {"role": "king"}, {"starts_on": "soon"},
         {"until": "2000-01-01"}, {"reason": ""}],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused(self, admin_desk, address, form, wrong):
        assert admin_desk.post(address, form | wrong).status_code in {404, 422}


class TestTheStoryOfALostPhone:
    """An officer's phone is gone. A colleague resets the second step; nobody else comes in."""

    def test_from_the_call_to_the_new_phone(self, app, admin_desk, stranger, colleague, session):
        lost = Authenticator(session, colleague)
        colleague.phone = "+8613800000001"
        thiefs_desk = Desk(app, session, make_sign_in(session, staff=colleague))

        assert do(admin_desk, colleague, "reset-second-factor").status_code == 303

        assert thiefs_desk.get("/").status_code == 303
        form = {"sign_in_name": colleague.sign_in_name, "password": PASSWORD}
        assert stranger.post("/sign-in", form).headers["Location"] == "/admin/sign-in/set-up"
        assert lost.code() not in stranger.get("/sign-in/set-up").text
        told = session.connection().exec_driver_sql(
            "SELECT kind FROM message JOIN contact ON contact.id = contact_id"
            " WHERE phone = '+8613800000001'"
        )  # fmt: skip
        assert told.scalars().all() == ["identity.second_factor_reset"]


class TestTheStoryOfAStolenTablet:
    """A canteen's tablet is gone with its sign-in; the canteen goes on serving on another one."""

    def test_it_is_out_at_its_next_request(self, app, admin_desk, hire, canteen, session):
        cook = hire(Role.CANTEEN_STAFF, site_id=canteen.site_id, name="秦小满")
        stolen = Desk(app, session, make_sign_in(session, staff=cook))
        other = Desk(app, session, make_sign_in(session, staff=cook))
        assert stolen.get("/meals/today").status_code == 200
        newest = max(session.exec(select(SignIn.id).where(SignIn.staff_id == cook.id)).all())

        page = admin_desk.get(f"/staff/{cook.id}").text
        assert f"end-sign-in:{newest - 1}" in page
        do(admin_desk, cook, f"end-sign-in:{newest - 1}", reason="平板被偷")

        assert stolen.get("/meals/today").status_code == 303
        assert other.get("/meals/today").status_code == 200


class TestTheStoryOfAForgottenPassword:
    """Someone forgot. They get a code on the phone, choose anew, and keep their second step."""

    def test_from_the_code_to_the_second_step(self, admin_desk, stranger, colleague, session):
        held = Authenticator(session, colleague)
        shown = do(admin_desk, colleague, "reset-password").text
        code = re.search(r'id="one-time-code">([0-9A-Z-]+)<', shown)[1]
        old = {"sign_in_name": colleague.sign_in_name, "password": PASSWORD}
        assert stranger.post("/sign-in", old).status_code == 422

        answer = stranger.post(
            "/sign-in/code",
            {"sign_in_name": colleague.sign_in_name, "code": code, "password": NEW_PASSWORD,
             "again": NEW_PASSWORD},
        )  # fmt: skip

        assert answer.headers["Location"] == "/admin/sign-in/second-step"
        stranger.post("/sign-in/second-step", {"code": held.code()})
        assert stranger.get("/").status_code == 200

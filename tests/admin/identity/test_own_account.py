"""showAccount and what one may do there: my password, my second step, my devices."""

import re

import pytest
from sqlmodel import select

from server.identity.models import RecoveryCode, Role, SignIn
from tests.admin.belonging import OpensFor
from tests.admin.conftest import PASSWORD, Desk
from tests.admin.identity.test_second_step import code_of, codes_shown, secret_shown
from tests.factories.people import make_sign_in
from tests.server.identity.conftest import Authenticator

NEW_PASSWORD = "晋城 korrekt pferd batterie"


@pytest.fixture
def me(hire):
    return hire(Role.CITY_OFFICER, name="郝正言")


@pytest.fixture
def mine(app, session, me):
    return Desk(app, session, make_sign_in(session, staff=me))


@pytest.fixture
def elsewhere(app, session, me):
    """Another browser in which the same person is signed in."""
    return Desk(app, session, make_sign_in(session, staff=me))


class TestThePage(OpensFor):
    roles = set(Role)

    @pytest.fixture
    def address(self):
        return "/account"

    def test_shows_my_devices_and_names_this_one(self, mine, elsewhere):
        page = mine.get("/account").text

        assert page.count("退出这台设备") == 1
        assert "本设备" in page


class TestThePassword:
    def change(self, desk, present=PASSWORD, password=NEW_PASSWORD, again=None):
        form = {"present": present, "password": password, "again": again or password}
        return desk.post("/account/password", form)

    def test_is_changed_and_other_devices_are_out(self, mine, elsewhere, stranger, me):
        assert self.change(mine).status_code == 303

        assert mine.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 303
        form = {"sign_in_name": me.sign_in_name, "password": NEW_PASSWORD}
        assert stranger.post("/sign-in", form).status_code == 303

    def test_is_not_changed_by_who_does_not_know_it(self, mine):
        answer = self.change(mine, present="not it")

        assert answer.status_code == 422
        assert "登录名或密码不对" in answer.text or "密码" in answer.text

    def test_guessed_at_too_often_is_asked_for_no_more(self, mine):
        for _ in range(5):
            self.change(mine, present="not it")

        assert self.change(mine).status_code == 429

    def test_that_is_weak_is_refused(self, mine):
        assert self.change(mine, password="password12").status_code == 422

    def test_typed_differently_is_refused(self, mine):
        assert self.change(mine, again="different!!").status_code == 422


class TestTheSecondStep:
    def test_moves_to_another_phone(self, mine, me, session):
        old = Authenticator(session, me)

        answer = mine.post("/account/second-factor", {"present": PASSWORD})
        assert answer.headers["Location"] == "/admin/account/second-factor"
        secret = secret_shown(mine.get("/account/second-factor").text)
        assert secret != old.secret
        done = mine.post("/account/second-factor/confirmation", {"code": code_of(secret)})

        assert len(codes_shown(done.text)) == 10
        assert "还剩 10 个恢复码" in mine.get("/account").text

    def test_does_not_move_without_the_password(self, mine, me, session):
        Authenticator(session, me)

        assert mine.post("/account/second-factor", {"present": "x"}).status_code == 422
        assert mine.get("/account/second-factor").status_code == 404

    def test_wrong_digits_confirm_nothing(self, mine):
        mine.post("/account/second-factor", {"present": PASSWORD})

        answer = mine.post("/account/second-factor/confirmation", {"code": "000000"})
        assert answer.status_code == 422
        assert "<svg" in answer.text

    def test_new_codes_replace_the_old_ones(self, mine, me, session):
        Authenticator(session, me)
        first = codes_shown(mine.post("/account/recovery-codes", {"present": PASSWORD}).text)
        second = codes_shown(mine.post("/account/recovery-codes", {"present": PASSWORD}).text)

        assert not set(first) & set(second)
        assert len(session.exec(select(RecoveryCode)).all()) == 10

    def test_codes_without_a_second_step_are_not_made(self, mine):
        assert mine.post("/account/recovery-codes", {"present": PASSWORD}).status_code == 404


class TestDevices:
    def test_one_is_signed_out_from_here(self, mine, elsewhere, session, me):
        page = mine.get("/account").text
        (there,) = re.findall(r"/account/sign-ins/(\d+)/end\"", page)

        assert mine.post(f"/account/sign-ins/{there}/end").status_code == 303
        assert elsewhere.get("/account").status_code == 303
        assert mine.get("/account").status_code == 200

    def test_all_others_are_signed_out(self, mine, elsewhere):
        mine.get("/account")

        mine.post("/account/sign-ins/end-others")

        assert elsewhere.get("/account").status_code == 303
        assert mine.get("/account").status_code == 200

    def test_a_colleagues_is_not_found(self, mine, hire, session):
        make_sign_in(session, staff=hire(Role.AUDITOR))
        theirs = max(session.exec(select(SignIn.id)).all())

        assert mine.post(f"/account/sign-ins/{theirs}/end").status_code == 404

"""askToComeIn, comeIn, begin, add, rename, remove: passkeys at the console."""

import re
from html import unescape

import pytest
from sqlmodel import select

from server.identity.models import Passkey, Role
from server.settings import settings
from tests.admin.belonging import AcceptsFrom
from tests.admin.conftest import PASSWORD, Desk
from tests.factories.passkeys import MadeUpAuthenticator
from tests.factories.people import make_sign_in


@pytest.fixture
def me(hire):
    return hire(Role.CITY_OFFICER, name="郝正言")


@pytest.fixture
def mine(app, session, me):
    return Desk(app, session, make_sign_in(session, staff=me))


@pytest.fixture
def device():
    return MadeUpAuthenticator()


def options_on(page):
    return unescape(re.search(r'data-options="([^"]+)"', page)[1])


def add(desk, device, label="窗口电脑"):
    page = desk.post("/account/passkeys", {"present": PASSWORD}).text
    form = {"label": label, "answer": device.make(options_on(page))}
    return desk.post("/account/passkeys/confirmation", form)


def come_in(desk, device, **more):
    options = options_on(desk.post("/sign-in/passkey").text)
    return desk.post("/sign-in/passkey/answer", {"answer": device.sign(options)} | more)


class TestBegin(AcceptsFrom):
    roles = set(Role)

    @pytest.fixture
    def address(self):
        return "/account/passkeys"

    def test_shows_what_the_browser_is_to_make(self, mine):
        page = mine.post("/account/passkeys", {"present": PASSWORD}).text

        assert '"userVerification": "required"' in options_on(page)
        assert "这台设备叫什么" in page

    def test_a_wrong_password_is_told_and_counts(self, mine):
        for _ in range(5):
            assert mine.post("/account/passkeys", {"present": "x"}).status_code == 422

        assert mine.post("/account/passkeys", {"present": PASSWORD}).status_code == 429


class TestAdd:
    def test_it_stands_in_the_list_under_its_name(self, mine, device):
        answer = add(mine, device)

        assert answer.headers["Location"] == "/admin/account?done=passkey-added"
        page = mine.get("/account?done=passkey-added").text
        assert "通行密钥已添加" in page
        assert "窗口电脑" in page

    def test_without_a_name_nothing_is_added(self, mine, device, session):
        assert add(mine, device, label=" ").status_code == 422
        assert session.exec(select(Passkey)).all() == []

    def test_of_another_address_is_refused(self, mine):
        answer = add(mine, MadeUpAuthenticator(origin="http://evil.example"))

        assert answer.status_code == 422
        assert "这个通行密钥不能用" in answer.text


class TestComeIn:
    def test_leads_to_where_one_wanted_without_password_and_digits(self, mine, device, stranger):
        add(mine, device)

        answer = come_in(stranger, device, next="/admin/providers/sites")

        assert answer.headers["Location"] == "/admin/providers/sites"
        assert "郝正言" in stranger.get("/").text

    def test_never_leads_out_of_the_house(self, mine, device, stranger):
        add(mine, device)

        answer = come_in(stranger, device, next="https://evil.example/")
        assert answer.headers["Location"] == "/admin/"

    def test_a_host_that_the_caller_made_up_moves_nothing(self, mine, device, stranger):
        """The address is compared with ours, not with what the request says of itself."""
        add(mine, device)
        device.origin = "http://evil.example"
        options = options_on(stranger.post("/sign-in/passkey").text)

        answer = stranger.post(
            "/sign-in/passkey/answer", {"answer": device.sign(options)}, Host="evil.example"
        )
        assert answer.status_code in (400, 422)

    @pytest.mark.parametrize("language", ["zh-CN", "en"])
    def test_a_copy_is_told_what_to_do(self, mine, device, stranger, language):
        add(mine, device)
        thief = device.copy()
        come_in(stranger, device)
        stranger.post("/sign-out")
        stranger.language = language

        answer = come_in(stranger, thief)

        said = {"zh-CN": "这个通行密钥已经停用", "en": "This passkey is closed"}
        assert answer.status_code == 403
        assert said[language] in answer.text

    @pytest.mark.parametrize("sent", ["", "{", "x" * 20_000])
    def test_what_is_no_answer_is_refused_kindly(self, stranger, sent):
        answer = stranger.post("/sign-in/passkey/answer", {"answer": sent})

        assert answer.status_code == 422
        assert "打不开" in answer.text

    def test_without_the_form_guard_nobody_takes_it(self, stranger):
        assert stranger.post("/sign-in/passkey", guard=False).status_code == 400
        assert stranger.post("/sign-in/passkey/answer", guard=False).status_code == 400


class TestTheSettings:
    def test_name_the_address_and_elsewhere_nothing_is_offered(self, mine, stranger, monkeypatch):
        monkeypatch.setenv("YINLING_ORIGIN", "https://yinling.example.cn")
        settings.cache_clear()
        try:
            page, door = mine.get("/account").text, stranger.get("/sign-in").text
        finally:
            monkeypatch.undo()
            settings.cache_clear()

        assert "https://yinling.example.cn" in page
        assert 'action="/admin/account/passkeys"' not in page
        assert 'action="/admin/sign-in/passkey"' not in door


class TestRenameAndRemove:
    def key_of(self, session):
        session.commit()
        return session.exec(select(Passkey.id)).one()

    def test_a_name_changes(self, mine, device, session):
        add(mine, device)

        answer = mine.post(f"/account/passkeys/{self.key_of(session)}/name", {"label": "手机"})
        assert answer.status_code == 303
        assert "手机" in mine.get("/account").text

    def test_taken_away_it_opens_nothing(self, mine, device, session, stranger):
        add(mine, device)

        mine.post(f"/account/passkeys/{self.key_of(session)}/removal")

        assert come_in(stranger, device).status_code == 422
        assert "窗口电脑" not in mine.get("/account").text

    def test_a_colleagues_is_not_found(self, mine, device, session, sit_down):
        add(mine, device)
        key, colleague = self.key_of(session), sit_down(Role.AUDITOR)

        for deed in ("name", "removal"):
            answer = colleague.post(f"/account/passkeys/{key}/{deed}", {"label": "x"})
            assert answer.status_code == 404, deed

    def test_an_administrator_revokes_it_with_a_reason(
        self, mine, me, device, session, sit_down, stranger
    ):
        add(mine, device)
        key, keeper = self.key_of(session), sit_down(Role.ADMINISTRATOR)
        assert "窗口电脑" in keeper.get(f"/staff/{me.id}").text

        act = f"revoke-passkey:{key}"
        assert keeper.post(f"/staff/{me.id}/acts", {"act": act}).status_code == 422
        done = keeper.post(f"/staff/{me.id}/acts", {"act": act, "reason": "设备丢失"})

        assert done.headers["Location"].endswith("?done=revoke-passkey")
        assert mine.get("/account").status_code == 303
        assert come_in(stranger, device).status_code == 422

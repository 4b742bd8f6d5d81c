"""Four stories at the doors, each told from end to end by those whom it happens to."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import select

from server import clock
from server.identity.models import Role
from server.meals.models import Booking
from server.residents.models import ResidentGrant
from tests.factories.consents import make_consent
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.passkeys import MadeUpAuthenticator
from tests.factories.people import an_id_number, make_account, make_resident
from tests.journeys.conftest import PASSWORD
from tests.mobile_api.refusals import refusal

HER_NUMBER, NEW_NUMBER = "13800001111", "13900002222"
ID_NUMBER = an_id_number(77)
CODE = "204060"
NEW_PASSWORD = "晋城 korrekt pferd batterie"
SEEN = {"has_seen": "yes", "reason": "本人持身份证到窗口"}


@pytest.fixture(autouse=True)
def known_code(monkeypatch):
    """The text message reaches whoever has the SIM card."""
    monkeypatch.setattr("server.identity.service.accounts.secrets.randbelow", lambda _: int(CODE))


@pytest.fixture
def her(session):
    """李秀英, whose file the window knows, and who signs in by her own phone."""
    her = make_resident(session, name="李秀英", id_number=ID_NUMBER)
    make_account(session, her, phone=HER_NUMBER)
    make_consent(session, "id_number", resident=her)
    session.commit()
    return her


def sign_in(phone, number=HER_NUMBER, **more):
    asked = phone.post("/v1/sign-in-codes", {"phone": number})
    assert asked.status_code == 202
    answer = phone.post("/v1/sign-ins", {"phone": number, "code": CODE} | more)
    if answer.status_code == 201:
        phone.token = answer.json["token"]
    return answer


def is_in(face):
    path = "/v1/me" if hasattr(face, "token") else "/account"
    return face.get(path).status_code == 200


def phone_page(session, resident):
    """Where the window does something about her phone."""
    session.commit()
    query = select(ResidentGrant.id).where(ResidentGrant.resident_id == resident.id)
    grant_id = max(session.exec(query).all())
    return f"/residents/{resident.id}/helpers/{grant_id}/phone"


def told_to(session, phone):
    session.commit()
    sent = "SELECT kind FROM message JOIN contact c ON c.id = contact_id WHERE c.phone = :phone"
    return session.execute(text(f"{sent} ORDER BY message.id"), {"phone": phone}).scalars().all()


def deeds_she_reads(phone, resident):
    items = phone.get(f"/v1/residents/{resident.id}/acts").json["items"]
    return [item["deed"] for item in items]


class TestALostPhone:
    def test_she_has_it_signed_out_at_the_window_and_comes_in_with_another(
        self, session, her, pick_up, go_to_window
    ):
        """The phone lies on a bus; a stranger has it in the hand, open."""
        lost = pick_up()
        assert sign_in(lost).status_code == 201
        assert is_in(lost)

        window = go_to_window(her)
        page = phone_page(session, her)
        assert "手机丢了" in window.get(page).text
        assert window.post(f"{page}/sign-out", SEEN).status_code == 303

        assert not is_in(lost)
        assert "residents.phone_signed_out" in told_to(session, "+86" + HER_NUMBER)
        with time_machine.travel(clock.now() + timedelta(minutes=2)):
            new = pick_up()
            assert sign_in(new).status_code == 201
            assert "手机丢失，退出全部设备" in deeds_she_reads(new, her)

    def test_her_daughter_signs_it_out_from_the_devices_of_the_account(self, session, her, pick_up):
        lost, tablet = pick_up(), pick_up()
        assert sign_in(lost).status_code == 201
        with time_machine.travel(clock.now() + timedelta(minutes=2)):
            assert sign_in(tablet).status_code == 201
            others = [
                one for one in tablet.get("/v1/sign-ins").json["items"] if not one["is_current"]
            ]

            assert tablet.send("DELETE", f"/v1/sign-ins/{others[0]['id']}").status_code == 204
            assert not is_in(lost)
            assert is_in(tablet)


class TestARecycledNumber:
    @pytest.fixture
    def a_year_later(self, her, session):
        with time_machine.travel(clock.now() + timedelta(days=365), tick=False) as time:
            yield time

    def test_whoever_has_her_old_number_stays_out_and_she_comes_in_by_the_new(
        self, session, her, a_year_later, pick_up, go_to_window
    ):
        stranger = pick_up()
        assert refusal(sign_in(stranger)) == (422, "id-digits-needed")
        a_year_later.shift(timedelta(minutes=2))
        assert refusal(sign_in(stranger, id_digits="123456")) == (422, "id-digits-wrong")

        window = go_to_window(her)
        page = phone_page(session, her)
        changed = window.post(f"{page}/replacement", SEEN | {"new_phone": NEW_NUMBER})
        assert changed.status_code == 303

        phone = pick_up()
        assert sign_in(phone, NEW_NUMBER).status_code == 201
        assert [one["id"] for one in phone.get("/v1/me").json["residents"]] == [her.id]
        assert "换了登录手机号" in deeds_she_reads(phone, her)
        a_year_later.shift(timedelta(days=1))
        assert sign_in(stranger).status_code == 403
        assert told_to(session, "+86" + NEW_NUMBER)[0] == "residents.phone_replaced"

    def test_whoever_still_has_it_shows_papers_and_is_asked_no_more(
        self, session, her, a_year_later, pick_up, go_to_window
    ):
        phone = pick_up()
        assert refusal(sign_in(phone)) == (422, "id-digits-needed")

        window = go_to_window(her)
        assert window.post(f"{phone_page(session, her)}/vouching", SEEN).status_code == 303
        a_year_later.shift(timedelta(minutes=2))

        assert sign_in(phone).status_code == 201
        assert "确认手机是本人的" in deeds_she_reads(phone, her)


class TestAStolenTablet:
    @pytest.fixture
    def canteen(self, session):
        return make_canteen(session, name="建设路食堂")

    @pytest.fixture
    def cook(self, hire, canteen):
        return hire(Role.CANTEEN_STAFF, site_id=canteen.site_id)

    def test_the_administrator_signs_it_out_and_the_thief_reads_and_serves_nobody(
        self, session, her, cook, canteen, sit_down, keeper, pick_up
    ):
        sitting = make_sitting(session, canteen, in_days=1)
        elder = pick_up()
        sign_in(elder)
        code = elder.book(sitting, her).json["code"]
        tablet, diners = sit_down(), f"/meals/sittings/{sitting.id}/diners"
        assert cook.come_in(tablet).status_code == 303
        assert "李秀英" in tablet.get(diners).text

        done = keeper.post(
            f"/staff/{cook.person.id}/acts", {"act": "end-sign-ins", "reason": "平板被盗"}
        )
        assert done.status_code == 303

        for answer in (
            tablet.get(diners),
            tablet.post("/meals/serve", {"canteen": canteen.site_id, "code": code}),
        ):
            assert answer.headers["Location"].startswith("/admin/sign-in")
            assert "李秀英" not in answer.text
        session.commit()
        assert session.exec(select(Booking.collected_at)).all() == [None]

    def test_its_passkey_opens_no_more_either(self, session, cook, sit_down, keeper):
        tablet, device = sit_down(), MadeUpAuthenticator()
        cook.come_in(tablet)
        asked = tablet.post("/account/passkeys", {"present": PASSWORD}).text
        made = device.make(options_on(asked))
        tablet.post("/account/passkeys/confirmation", {"label": "食堂平板", "answer": made})

        page = keeper.get(f"/staff/{cook.person.id}").text
        (act,) = re.findall(r'value="(revoke-passkey:\d+)"', page)
        keeper.post(f"/staff/{cook.person.id}/acts", {"act": act, "reason": "平板被盗"})

        assert not is_in(tablet)
        answer = tablet.post("/sign-in/passkey")
        signed = device.sign(options_on(answer.text))
        refused = tablet.post("/sign-in/passkey/answer", {"answer": signed})
        assert refused.status_code == 422
        assert "identity.passkey_revoked" in told_to(session, cook.person.phone)


class TestAStaffReset:
    @pytest.fixture
    def officer(self, hire):
        return hire(Role.COUNTY_OFFICER, division_code="140502")

    def test_a_forgotten_password_is_chosen_anew_by_its_owner(
        self, session, officer, sit_down, keeper
    ):
        old = sit_down()
        assert officer.come_in(old).status_code == 303

        shown = keeper.post(
            f"/staff/{officer.person.id}/acts", {"act": "reset-password", "reason": "忘记密码"}
        ).text
        code = re.search(r'id="one-time-code"[^>]*>([A-Z0-9-]+)<', shown)[1]

        assert not is_in(old)
        desk = sit_down()
        assert officer.come_in(desk).status_code == 422
        name = officer.person.sign_in_name
        form = {"sign_in_name": name, "code": code, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
        chosen = desk.post("/sign-in/code", form)
        assert chosen.headers["Location"].startswith("/admin/sign-in/second-step")
        assert (
            desk.post("/sign-in/second-step", {"code": officer.authenticator.code(1)}).status_code
            == 303
        )
        assert is_in(desk)
        assert desk.post("/sign-in/code", form).status_code == 422, "the code opens once"
        assert "identity.password_reset" in told_to(session, officer.person.phone)

    def test_a_lost_authenticator_is_set_up_anew(self, session, officer, sit_down, keeper):
        act = {"act": "reset-second-factor", "reason": "手机丢失"}
        assert keeper.post(f"/staff/{officer.person.id}/acts", act).status_code == 303

        desk = sit_down()
        answer = officer.come_in(desk)

        assert answer.headers["Location"].startswith("/admin/sign-in/set-up")
        assert not is_in(desk), "the password alone opens nothing"
        assert "identity.second_factor_reset" in told_to(session, officer.person.phone)

    def test_nobody_resets_themselves(self, session, keeper):
        page = keeper.get("/staff").text
        (mine,) = set(re.findall(r"/admin/staff/(\d+)", page))

        answer = keeper.post(f"/staff/{mine}/acts", {"act": "reset-password", "reason": "x y"})
        assert answer.status_code == 403


def options_on(page):
    found = re.search(r'data-options="([^"]+)"', page)[1]
    return found.replace("&#34;", '"').replace("&quot;", '"')

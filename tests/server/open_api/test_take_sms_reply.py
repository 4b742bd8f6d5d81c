"""takeSmsReply: the gateway hands over what operators write, and sends the sentence back."""

import pytest
from sqlalchemy import text

from server.facilities.returns.replies import Reply
from server.i18n.catalogues import LANGUAGES, catalogue
from server.identity.scopes import BED_RETURNS, SMS_REPLIES
from server.identity.service import api_keys
from server.open_api.app import create_app
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.returns import make_return

PHONE = "+8613800000001"


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def home(session):
    site = make_site(session, name="甲院")
    make_return(session, site, ago=1)
    make_staff(session, "facility_operator", site_id=site.id).phone = PHONE
    session.flush()
    return site


@pytest.fixture
def hand_over(app, session):
    def post(said, phone=PHONE, scope=SMS_REPLIES, fields=("reply",)):
        session.connection()
        issued = api_keys.issue_key(
            session, owner="短信网关", purpose="短信回复", scopes=[scope], fields=list(fields),
            rate_per_minute=60, days=30,
        )  # fmt: skip
        session.commit()
        headers = {"Authorization": f"Bearer {issued.token}", "Purpose": "inbound sms"}
        answer = app.test_client().post(
            "/v1/sms-replies", json={"phone": phone, "text": said}, headers=headers
        )
        session.commit()
        return answer

    return post


def test_a_nought_is_filed_and_answered_in_words(session, hand_over, home):
    answer = hand_over("0")
    assert answer.json == {"reply": "【银龄】甲院今天的床位日报已收到：与昨天一样。谢谢。"}
    assert hand_over("0").json == answer.json
    query = "SELECT count(*) FROM bed_return WHERE source = 'sms' AND filed_by IS NOT NULL"
    assert session.execute(text(query)).scalar_one() == 1


@pytest.mark.parametrize("phone", [PHONE, "13800000001", "138 0000 0001"])
def test_a_number_is_known_however_it_is_written(hand_over, home, phone):
    assert "在住 37" in hand_over("37/2", phone=phone).json["reply"]


@pytest.mark.parametrize("phone", ["13800009999", "12", "你好"])
@pytest.mark.parametrize("said", ["0", "37/2", "你好", ""])
def test_who_is_nobody_always_hears_the_same(hand_over, home, phone, said):
    reply = hand_over(said, phone=phone).json["reply"]
    assert reply.startswith("【银龄】这个号码没有登记")
    assert "甲院" not in reply


def test_a_key_of_another_scope_hands_nothing_over(hand_over, home):
    answer = hand_over("0", scope=BED_RETURNS, fields=("outcome",))
    assert answer.status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_has_its_sentence(language):
    words = catalogue(language, "console")
    assert [one for one in Reply if f"sms_reply\x04{one.value}" not in words] == []

"""getMe"""

from datetime import timedelta

from server import clock
from server.residents.models import GrantKind, HardshipTier
from server.residents.service import grant
from tests.factories.people import make_hardship, make_resident


def test_it_shows_the_account_and_whom_it_acts_for(phone, resident, account):
    me = phone.get("/v1/me").json

    assert me.pop("phone_masked").count("*") == 4
    assert me.pop("hotline")
    [shown] = me.pop("residents")
    assert me == {
        "id": account.id,
        "language": "zh-CN",
        "city": {"code": "1405", "name": "晋城市"},
        "is_demo": False,
        "is_notice_due": True,
        "unread_messages": 0,
    }
    assert shown == {
        "id": resident.id,
        "name": "李秀英",
        "is_self": True,
        "relation": "self",
        "age": shown["age"],
        "hardship_tier": "none",
        "village_name": "黄华街社区",
        "usual_canteen_id": None,
    }


def test_it_never_shows_the_phone_or_an_id_number(phone, account, session):
    text = phone.get("/v1/me").text

    assert account.phone not in text
    assert "140502" not in text


def test_oneself_comes_first(phone, resident, account, session):
    today = clock.today()
    father = make_resident(session, name="安国强")
    grant(
        session,
        account_id=account.id,
        resident_id=father.id,
        kind=GrantKind.HELPER,
        starts_on=today,
    )

    assert [one["name"] for one in phone.get("/v1/me").json["residents"]] == ["李秀英", "安国强"]


def test_a_grant_counts_from_its_first_day_until_before_its_last(phone, account, session):
    today = clock.today()
    days = {"昨天止": (-9, 0), "明天起": (1, None), "今天起": (0, None), "今天止": (-9, 1)}
    for name, (starts, ends) in days.items():
        given = grant(
            session,
            account_id=account.id,
            resident_id=make_resident(session, name=name).id,
            kind=GrantKind.HELPER,
            starts_on=today + timedelta(days=starts),
        )
        given.ends_on = None if ends is None else today + timedelta(days=ends)

    names = {one["name"] for one in phone.get("/v1/me").json["residents"]}

    assert names == {"李秀英", "今天起", "今天止"}


def test_the_hardship_of_today_is_shown(phone, resident, session):
    today = clock.today()
    make_hardship(session, resident, HardshipTier.TEKUN, ends_on=today)
    make_hardship(session, resident, HardshipTier.DIBAO, starts_on=today)

    assert phone.get("/v1/me").json["residents"][0]["hardship_tier"] == "dibao"

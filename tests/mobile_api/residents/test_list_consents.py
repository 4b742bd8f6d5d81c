"""listConsents"""

from server.residents.models import GrantKind
from tests.factories.consents import make_consent
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


def standing(phone):
    items = phone.get("/v1/consents").json["items"]
    return [(one["purpose"], one["name"], one["is_given"]) for one in items]


def test_it_asks_for_the_notice_first_and_then_for_each_thing_apart(phone):
    assert standing(phone) == [
        ("notice", "", False),
        ("health", "李秀英", False),
        ("id_number", "李秀英", False),
    ]


def test_it_says_when_and_how_one_agreed(phone, session, resident, account):
    make_consent(session, "notice", account=account)
    given = make_consent(session, "health", resident=resident)

    [notice, health, number] = phone.get("/v1/consents").json["items"]

    assert (notice["is_given"], health["is_given"], number["is_given"]) == (True, True, False)
    assert (health["id"], health["how"], health["version"]) == (given.id, "app", 1)
    assert health["given_at"]
    assert number["given_at"] is None


def test_it_speaks_the_readers_language(phone):
    phone.language = "en"

    assert phone.get("/v1/consents").json["items"][1]["title"] == "Health and ability assessment"


def test_a_couple_is_asked_each(app, session):
    couple = [make_resident(session, name=name) for name in ("赵建国", "孙玉珍")]
    phone = Phone(
        app.test_client(), session, make_sign_in(session, account=make_account(session, *couple))
    )

    assert [one[1] for one in standing(phone)] == ["", *["赵建国"] * 2, *["孙玉珍"] * 2]


def test_a_helper_is_asked_for_the_notice_alone(app, session, resident):
    account = make_account(session, resident, kind=GrantKind.HELPER)
    helper = Phone(app.test_client(), session, make_sign_in(session, account=account))

    assert [one[0] for one in standing(helper)] == ["notice"]


def test_whoever_acts_for_nobody_is_answered_as_well(phone, session):
    nobody = make_account(session)
    phone.token = make_sign_in(session, account=nobody)

    assert standing(phone) == [("notice", "", False)]


def test_nobody_asks_without_signing_in(stranger):
    assert refusal(stranger.get("/v1/consents")) == (401, "sign-in-needed")


def test_who_has_a_bed_at_home_is_asked_about_it(phone, session, resident):
    make_home_bed(session, resident, make_provider(session))

    assert ("home_care", resident.name, False) in standing(phone)

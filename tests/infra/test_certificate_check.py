"""The page that a certificate's QR code opens: without signing in, and hardly anything on it."""

import gc
from datetime import timedelta

import pytest

from infra.root import create_app
from server import clock
from server.settings import Settings
from tests.factories.caregivers import make_caregiver, make_certificate


@pytest.fixture
def browser(session, city_database):
    settings = Settings(database_url=city_database.app_url)
    client = create_app(settings).test_client()

    def open_page(code, **given):
        session.commit()
        return client.get(f"/c/{code}", **given)

    return open_page


@pytest.fixture
def certificate(session):
    caregiver = make_caregiver(session, name="孙一兰", phone="+8613903560021")
    until = clock.today() + timedelta(days=10)
    return make_certificate(session, caregiver, level=3, valid_until=until)


def test_it_tells_what_the_paper_says_with_stars(browser, certificate):
    answer = browser(certificate.check_code)

    assert answer.status_code == 200
    for words in ("孙**", "三级 高级工", "晋城市职业技能鉴定中心", "今天有效"):
        assert words in answer.text
    for hidden in ("孙一兰", certificate.number, "13903560021", "养老院"):
        assert hidden not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_speaks_english(browser, certificate):
    answer = browser(certificate.check_code, headers={"Accept-Language": "en"})
    assert "good today" in answer.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"valid_until": clock.today() - timedelta(days=1)}, "已过有效期"),
        ({"annulled_on": clock.today()}, "已作废"),
    ],
)
def test_it_tells_why_one_is_not_good(session, browser, certificate, given, words):
    for name, value in given.items():
        setattr(certificate, name, value)

    shown = browser(certificate.check_code).text

    assert words in shown
    assert "今天有效" not in shown


@pytest.mark.parametrize("code", ["no-such-code-at-all-here", "x", "x" * 400])
def test_an_unknown_code_is_a_page_that_says_so(browser, certificate, code):
    answer = browser(code)

    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_whoever_tries_codes_is_slowed_down(browser):
    answers = {browser(f"code-{number}").status_code for number in range(70)}
    assert answers == {404, 429}


def test_the_page_stands_while_nothing_else_holds_its_limits(session, city_database, certificate):
    client = create_app(Settings(database_url=city_database.app_url)).test_client()
    gc.collect()
    session.commit()

    assert client.get(f"/c/{certificate.check_code}").status_code == 200

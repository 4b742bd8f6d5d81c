"""The page of a certificate, for anybody with the code on the paper."""

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from mobile_api.training.check_app import create_app as create_check_app
from server import clock


class TestThePageForAnybody:
    @pytest.fixture
    def ask(self, session):
        client = Client(create_check_app())

        def ask(code):
            session.commit()
            return client.get(f"/{code}", headers={"Accept-Language": "zh-CN"})

        return ask

    def test_it_says_no_more_than_is_needed(self, ask, certified, caregiver):
        answer = ask(certified.check_code)

        assert answer.status_code == 200
        assert "证书真实有效" in answer.text
        assert "消防与急救" in answer.text
        assert caregiver.name not in answer.text

    def test_a_code_that_is_nobodys(self, ask, certified):
        answer = ask("x" * 22)

        assert answer.status_code == 404
        assert "没有找到这张证书" in answer.text

    def test_one_that_was_taken_back_says_so(self, session, ask, certified):
        today = clock.today()
        session.execute(
            text("UPDATE completion_certificate SET annulled_on = :day, annul_reason = '替考'"),
            {"day": today},
        )

        assert f"这张证书已于 {today} 收回" in ask(certified.check_code).text

"""`yinling keys` and `yinling accounts`: the same deeds without a browser."""

import re

import pytest
from click.testing import CliRunner

from infra.cli.accounts import accounts_group
from infra.cli.keys import keys_group
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity import queries
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.server.identity.conftest import who

ISSUE = ("issue", "卫生健康委", "--purpose", "医养结合", "--scope", "sites.read-contacts",
         "--field", "name", "--field", "phone", "--reason", "按协议")  # fmt: skip


def run(group, *words):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(group, words, catch_exceptions=True)


def test_a_key_is_issued_listed_and_revoked(connection, as_platform):
    issued = run(keys_group, *ISSUE)
    assert issued.exit_code == 0, issued.output
    number = re.search(r"\d+", issued.output)[0]
    assert "yl_" in issued.output
    assert "yl_" not in run(keys_group, "list").output

    assert run(keys_group, "calls", number).output == ""
    assert run(keys_group, "revoke", number, "--reason", "泄露").exit_code == 0
    assert "revoked" in run(keys_group, "list").output or "已收回" in run(keys_group, "list").output


@pytest.mark.parametrize(
    ("words", "code"),
    [(("revoke", "999", "--reason", "x"), "not-found"),
     ((*ISSUE, "--field", "id_number"), "scope-unknown")],
)  # fmt: skip
def test_what_is_not_there_is_refused(connection, as_platform, words, code):
    assert getattr(run(keys_group, *words).exception, "code", None) == code


def test_a_lost_phone_is_signed_out_at_the_window_and_vouched_for(session):
    account = make_account(session, make_resident(session), phone="13800001111")
    token = make_sign_in(session, account=account)
    session.commit()

    assert run(accounts_group, "sign-out", "138 0000 1111", "--reason", "手机丢失").exit_code == 0
    assert not who(token).is_known
    assert run(accounts_group, "vouch", "13800001111", "--reason", "已看身份证").exit_code == 0
    with transaction() as own:
        assert queries.get_account(own, account.id).vouched_at is not None
    unknown = run(accounts_group, "vouch", "13800009999", "--reason", "x")
    assert getattr(unknown.exception, "code", None) == "not-found"

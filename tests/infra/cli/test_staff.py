"""`yinling staff`: the first person of a city comes in, and whoever is stuck is helped."""

import re

import pytest
from click.testing import CliRunner
from sqlmodel import select

from infra.cli.staff import staff_group
from server.audit.models import ActRow
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity import queries
from server.identity.errors import PasswordWrong
from server.identity.service.staff_door import Caller, NextStep, join, sign_in_by_password
from tests.cities import CITY

PASSWORD = "晋城 korrekt pferd batterie"
ADDED = ("add", "zhang", "--name", "张三", "--role", "city_officer", "--division", CITY)


def run(*words):
    act = Act(Face.COMMAND, "yinling staff", "test", service=True)
    with acting(act):
        return CliRunner().invoke(staff_group, words, catch_exceptions=True)


def come_in(code):
    with transaction() as session:
        return join(
            session, sign_in_name="zhang", code=code, password=PASSWORD, caller=Caller("test")
        )


def code_in(result):
    assert result.exit_code == 0, result.output
    return re.search(r"([0-9A-Z]{5}-){2}[0-9A-Z]{5}", result.output)[0]


@pytest.fixture
def zhang(connection, as_platform):
    return code_in(run(*ADDED))


def test_whoever_was_added_chooses_a_password_by_the_code_that_was_printed(zhang):
    step = come_in(zhang)

    assert isinstance(step, NextStep)
    assert step.is_set_up


def test_a_name_is_given_once(zhang):
    assert getattr(run(*ADDED).exception, "code", None) == "sign-in-name-taken"


@pytest.mark.parametrize("scope", [(), ("--division", CITY, "--site", "1")])
def test_an_office_has_exactly_one_reach(connection, as_platform, scope):
    assert run("add", "zhang", "--name", "张三", "--role", "auditor", *scope).exit_code == 2


def test_an_office_over_an_unknown_division_is_refused(connection, as_platform):
    result = run("add", "zhang", "--name", "张三", "--role", "auditor", "--division", "9999")
    assert getattr(result.exception, "code", None) == "not-found"


def test_everybody_is_listed_with_their_offices(zhang):
    assert run("list").output == "zhang\t张三\t市级民政 · 晋城市\n"


def test_offices_are_given_and_ended_for_a_reason(zhang, session):
    place = ("--division", CITY, "--reason", "任命")
    assert run("give-role", "zhang", "--role", "auditor", *place).exit_code == 0
    assert "审计" in run("list").output
    assert run("end-role", "zhang", "--role", "auditor", "--reason", "调离").exit_code == 0
    assert "审计" not in run("list").output

    session.connection()
    reasons = session.exec(select(ActRow.reason).order_by(ActRow.id)).all()
    assert {"任命", "调离"} <= set(reasons)


def test_offices_that_clash_are_refused(zhang):
    result = run(
        "give-role", "zhang", "--role", "administrator", "--division", CITY, "--reason", "x"
    )

    assert getattr(result.exception, "code", None) == "duties-clash"


@pytest.mark.parametrize("act", ["disable", "reset-password", "reset-second-factor", "sign-out"])
def test_nothing_is_done_without_a_reason_or_to_nobody(zhang, act):
    assert run(act, "zhang").exit_code == 2
    assert getattr(run(act, "wang", "--reason", "x").exception, "code", None) == "not-found"


def test_whoever_is_locked_out_stays_so_until_let_in(zhang):
    come_in(zhang)
    run("disable", "zhang", "--reason", "调离")
    with transaction() as session:
        assert queries.find_staff(session, "zhang") is None

    run("enable", "zhang", "--reason", "调回")
    with transaction() as session:
        assert queries.find_staff(session, "zhang") is not None


def test_a_forgotten_password_is_chosen_anew(zhang):
    come_in(zhang)

    code = code_in(run("reset-password", "zhang", "--reason", "忘记"))

    with pytest.raises(PasswordWrong), transaction() as session:
        sign_in_by_password(session, sign_in_name="zhang", password=PASSWORD, caller=Caller("test"))
    assert come_in(code)

"""`yinling staff add`: the first person of a city can come in."""

import pytest
from click.testing import CliRunner

from infra.cli.staff import staff_group
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity.service import sign_in_by_password
from tests.cities import CITY


def add(*words):
    act = Act(Face.COMMAND, "yinling staff add", "test", service=True)
    with acting(act):
        return CliRunner().invoke(staff_group, ["add", *words], catch_exceptions=True)


def test_whoever_was_added_signs_in_with_the_password_that_was_printed(connection, as_platform):
    result = add("zhang", "--name", "张三", "--role", "city_officer", "--division", CITY)

    assert result.exit_code == 0, result.output
    password = result.output.split()[-1].rpartition("：")[2]
    with transaction() as session:
        assert sign_in_by_password(
            session, sign_in_name="zhang", password=password, address="test"
        ).token


def test_a_name_is_given_once(connection, as_platform):
    words = ("zhang", "--name", "张三", "--role", "city_officer", "--division", CITY)
    add(*words)
    assert getattr(add(*words).exception, "code", None) == "sign-in-name-taken"


@pytest.mark.parametrize("scope", [(), ("--division", CITY, "--site", "1")])
def test_an_office_has_exactly_one_reach(connection, as_platform, scope):
    assert add("zhang", "--name", "张三", "--role", "auditor", *scope).exit_code == 2


def test_an_office_over_an_unknown_division_is_refused(connection, as_platform):
    result = add("zhang", "--name", "张三", "--role", "auditor", "--division", "9999")
    assert getattr(result.exception, "code", None) == "not-found"

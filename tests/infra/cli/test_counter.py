"""`yinling counter keys`: a key that became known is revoked, and nobody's meal is lost by it."""

import pytest
from click.testing import CliRunner

from infra.cli.counter import counter_group
from server.db.acts import Act, Face, acting
from server.errors import NotFound
from server.meals.counter.keys import find_signer, list_public_keys, make_key


def run(*words):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(counter_group, ("keys", *words))


@pytest.fixture
def key(session):
    number = make_key(session)
    session.commit()
    return number


def test_a_key_is_changed_and_the_old_one_still_believed(session, key):
    assert run("rotate", "--reason", "每季度").exit_code == 0
    session.commit()

    assert find_signer(session).number == key + 1
    assert set(list_public_keys(session)) == {key, key + 1}


def test_a_revoked_key_is_believed_no_more_and_another_signs(session, key):
    for _ in range(2):
        assert run("revoke", str(key), "--reason", "泄露").exit_code == 0
    session.commit()

    assert set(list_public_keys(session)) == {key + 1}
    assert len(run("list").output.splitlines()) == 2


def test_a_key_that_is_not_there_is_not_revoked(session, key):
    assert isinstance(run("revoke", "200", "--reason", "x").exception, NotFound)
    session.commit()

    assert find_signer(session).number == key

"""`yinling residents duplicates find`: the whole register is looked through, as often as wanted."""

import re

from click.testing import CliRunner

from infra.cli.residents import residents_group
from server.db.acts import Act, Face, acting
from tests.factories.people import make_resident


def find():
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(residents_group, ["duplicates", "find"], catch_exceptions=False)


def test_pairs_are_put_down_once(session):
    for _ in range(2):
        make_resident(session, name="李秀英")
    session.commit()

    assert [re.search(r"\d+", find().output)[0] for _ in range(2)] == ["1", "0"]


def test_a_register_without_any_says_so(session):
    make_resident(session)
    session.commit()

    assert "0" in find().output

"""`yinling callbacks`: a month is drawn by a seed, and drawn again to the same."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from infra.cli.callbacks import callbacks_group
from server import clock
from server.db.acts import Act, Face, acting
from server.homecare.callbacks.errors import SampleDrawn
from server.homecare.callbacks.rules import lot
from tests.factories.street import Street

SEED = "03 08 21"


def run(*arguments):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(callbacks_group, arguments, catch_exceptions=False).output


def test_a_month_is_drawn_once_and_again_it_is_the_same(session):
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    visit = Street(session).proved(on=month)
    session.commit()
    asked = ("draw", "--month", f"{month:%Y-%m}", "--county", "140502", "--seed", SEED)

    number = re.search(r"\d+", run(*asked)).group()
    told = run("show", number, "--list")

    assert f"{lot(SEED, visit.id)}  {visit.id}" in told
    assert SEED in told
    with pytest.raises(SampleDrawn):
        run(*asked)

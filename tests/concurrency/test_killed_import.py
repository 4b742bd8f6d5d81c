"""A file of returns whose import is killed goes on from there when it is imported again."""

import csv
import time
from datetime import timedelta
from multiprocessing import get_context

import pytest

from infra.cli import import_returns
from server import clock
from server.db.acts import acting
from server.db.cities import in_city
from server.facilities.returns import loading
from tests.cities import CITY
from tests.concurrency.conftest import PLATFORM
from tests.concurrency.racing import look
from tests.concurrency.screens import wire
from tests.factories.meals import make_site

ROWS, SLICE, BEFORE_THE_END = 700, 100, 300
HEADINGS = ("机构编号", "日期", "核定床位", "可用床位", "在住")
COUNT = "SELECT count(*) FROM bed_return"


def load(app_url, path, told):
    """Import the file slice by slice; after the third, wait for the end."""
    wire(app_url)
    loading.SLICE = SLICE

    def tell(loaded):
        if loaded.written == BEFORE_THE_END:
            told.send(loaded.written)
            time.sleep(600)

    import_returns._tell_progress = tell
    with in_city(CITY), acting(PLATFORM):
        import_returns.load_file(path, import_returns.MAPPING, is_dry=False)


@pytest.fixture
def path(tmp_path, settle):
    site_id = settle(lambda session: make_site(session).id)
    path = tmp_path / "returns.csv"
    days = (clock.today() - timedelta(days=ago) for ago in range(ROWS))
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADINGS, *((site_id, day, 50, 40, 30) for day in days)])
    return path


def test_what_was_written_stays_and_the_rest_follows(own_city, platform, path, monkeypatch):
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=load, args=(own_city.app_url, path, theirs))
    process.start()
    assert ours.poll(60), "the import does not begin"
    process.kill()
    process.join(timeout=30)
    assert look(own_city, COUNT) == [(BEFORE_THE_END,)]

    monkeypatch.setattr(loading, "SLICE", SLICE)
    loaded = import_returns.load_file(path, import_returns.MAPPING, is_dry=False)

    assert (loaded.unchanged, loaded.new) == (BEFORE_THE_END, ROWS - BEFORE_THE_END)
    assert look(own_city, COUNT) == [(ROWS,)]

"""The seal follows the trail by itself, and says so when it no longer fits what was anchored."""

import logging
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import create_engine, text

from scheduler import runs, sealing
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import TIMETABLE, at
from server import clock
from server.audit.anchors import file_of, read_anchors
from server.db.sessions import transaction
from server.settings import settings
from tests.cities import CITY
from tests.factories.people import make_resident

MOST_BEHIND = timedelta(seconds=60)


@pytest.fixture
def path(own_city, monkeypatch, tmp_path):
    """Where the anchors go on this machine."""
    monkeypatch.setenv("DATABASE_SEALER_URL", own_city.sealer_url)
    monkeypatch.setenv("YINLING_ANCHORS", str(tmp_path))
    settings.cache_clear()
    yield file_of(tmp_path, CITY)
    settings.cache_clear()


class Heard(logging.Handler):
    """What was logged, whatever else listens."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)

    @property
    def words(self):
        return [f"{one.getMessage()} {one.exc_info or ''}" for one in self.records]


@pytest.fixture
def heard(monkeypatch):
    """What the scheduler says, also where another test has silenced the whole process."""
    handler, logger = Heard(), logging.getLogger("scheduler")
    for name in ("scheduler", "scheduler.runs", "scheduler.sealing"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture(autouse=True)
def no_slot_is_done_yet():
    runs._latest_done.clear()


@pytest.fixture
def seal(path):
    """Run the timetable's own entry, as if its next slot had come."""
    [entry] = (one for one in TIMETABLE if one.job == "seal_trail")

    def run():
        runs._latest_done.clear()
        run_latest_slot(entry, CITY, Event())

    return run


def change():
    with transaction() as session:
        make_resident(session)


def test_the_seal_is_never_a_minute_behind():
    [entry] = (one for one in TIMETABLE if one.job == "seal_trail")
    slot = entry.when.get_next_fire_time(None, clock.now())

    assert entry.when.get_next_fire_time(slot, slot) - slot < MOST_BEHIND


def test_what_was_written_is_sealed_and_anchored(seal, path, as_platform):
    seal()
    before = read_anchors(path)[-1].position
    change()
    seal()
    seal()

    assert [one.position - before for one in read_anchors(path)] == [0, 1]


def test_sealing_leaves_no_act_and_no_run_behind(seal, path, own_city, as_platform):
    engine = create_engine(own_city.owner_url)
    count = text(
        f"SELECT (SELECT count(*) FROM city_{CITY}.act), (SELECT count(*) FROM city_{CITY}.job_run)"
    )
    with engine.connect() as connection:
        before = connection.execute(count).one()
        seal()
        assert connection.execute(count).one() == before
    engine.dispose()


def test_a_chain_that_lost_its_anchor_is_cried_out(seal, path, own_city, as_platform, heard):
    seal()
    engine = create_engine(own_city.superuser_url)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path TO city_{CITY}"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE trail_entry SET body = '{}'"))
        connection.execute(text("DELETE FROM trail_seal"))
    engine.dispose()
    seal()
    change()

    seal()

    assert "the trail does not carry its last anchor " in heard.words


def test_a_process_without_the_sealers_address_says_so(path, monkeypatch, heard, as_platform):
    monkeypatch.delenv("DATABASE_SEALER_URL")
    settings.cache_clear()
    entry = Entry("seal", at(second="*"), "Tests.", sealing.seal_trail, is_recorded=False)

    run_latest_slot(entry, CITY, Event())

    [said] = heard.words
    assert said.startswith("a job failed")
    assert "SealerUnknown" in said


def test_every_morning_the_log_says_where_the_trail_stands(seal, path, as_platform, heard):
    [entry] = (one for one in TIMETABLE if one.job == "report_anchor")
    seal()

    run_latest_slot(entry, CITY, Event())

    [record] = (one for one in heard.records if one.name == "scheduler.sealing")
    assert f"{record.anchor}\n" == path.read_text()


def test_an_unrecorded_job_runs_once_a_slot_and_again_after_a_failure(connection, as_platform):
    done = []

    def work(run):
        done.append(run.slot)
        if len(done) == 1:
            raise ValueError("not yet")
        return 1

    entry = Entry("pulse", at(month=1, day=1), "Tests.", work, is_recorded=False)
    for _ in range(4):
        run_latest_slot(entry, CITY, Event())

    assert len(done) == 2

"""What ran out is forgotten, in bounded steps; what has not is kept."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text

from scheduler import sweeps
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import at
from server import clock
from server.db.sessions import transaction
from tests.cities import CITY

YOUNG, OLD = timedelta(hours=1), timedelta(days=40)
ROWS = {
    "idempotency_key": "INSERT INTO idempotency_key (subject, key, operation, request_digest,"
    " status, answer_cipher, created_at) VALUES ('account:1', :name, 'x', '', 200, '', :at)",
    "sign_in_code": "INSERT INTO sign_in_code (phone, code_digest, asked_at, expires_at,"
    " tries_left) VALUES (:name, '', :at, :at, 3)",
    "passkey_challenge": "INSERT INTO passkey_challenge (challenge_digest, created_at, expires_at)"
    " VALUES (decode(md5(:name), 'hex'), CAST(:at AS timestamptz) - interval '5 minutes', :at)",
    "throttle": "INSERT INTO throttle (bucket_digest, window_at, count)"
    " VALUES (decode(md5(:name), 'hex'), :at, 1)",
}


def put(table, age, count=1):
    at_instant = clock.now() - age
    rows = [{"name": f"{age}-{number}"[:20], "at": at_instant} for number in range(count)]
    with transaction() as session:
        session.execute(text(ROWS[table]), rows)


def count(table):
    with transaction(writes=False) as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


@pytest.fixture
def sweep(connection, as_platform):
    def run(job="forget"):
        done = []
        work = lambda run: done.append(sweeps.forget_what_ran_out(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", work), CITY, Event())
        return done[0]

    return run


@pytest.mark.parametrize("table", ROWS)
def test_old_rows_go_and_young_rows_stay(sweep, table):
    put(table, YOUNG)
    put(table, OLD)
    assert sweep() == 1
    assert count(table) == 1
    assert sweep("again") == 0


def test_many_rows_go_in_bounded_steps(sweep, monkeypatch):
    monkeypatch.setattr(sweeps, "ROWS_A_STEP", 5)
    put("throttle", OLD, count=12)
    put("sign_in_code", OLD, count=5)
    assert sweep() == 17
    assert (count("throttle"), count("sign_in_code")) == (0, 0)


def test_old_messages_lose_their_words_and_stay_counted(sweep, as_platform):
    with transaction() as session:
        session.execute(text("INSERT INTO contact (phone, language) VALUES ('+861', 'en')"))
        for days in (6, 8):
            session.execute(
                text(
                    "INSERT INTO message (contact_id, channel, kind, subject, facts_cipher, due_at,"
                    " status, attempts, try_at, sent_at) SELECT id, 'sms', 'k', 's', 'words', :at,"
                    " 'sent', 0, :at, :at FROM contact"
                ),
                {"at": clock.now() - timedelta(days=days)},
            )
    assert sweep() == 1
    assert count("message WHERE facts_cipher = ''::bytea") == 1
    assert count("message") == 2


def test_retention_runs_through_every_kind_and_is_harmless_twice(connection, as_platform):
    done = []
    work = lambda run: done.append(sweeps.retention(run)) or done[-1]  # noqa: E731
    for job in ("retention", "again"):
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", work), CITY, Event())

    assert done == [0, 0]

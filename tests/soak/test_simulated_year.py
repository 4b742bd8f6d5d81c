"""A year of 546 caregivers: every reminder once, by day, on the right working day; also when the
processes that remind and deliver are killed fifty times, and when two live side by side.

Run against an expectation that knows the ladders' words alone. What is real and what is made up of
such a year says `infra.simulation.days`.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date
from random import Random

import psycopg
import pytest
from sqlalchemy import text

from infra.database_roles import libpq_url
from infra.simulation.days import Living
from infra.simulation.people import YEAR, draw_town, put_town
from scheduler.gateways import HttpGateway
from server import clock
from server.db.sessions import transaction
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY, OTHER_COUNTY_VILLAGE, VILLAGE
from tests.scheduler.provider import ROOT, Provider
from tests.soak.expected_year import expected_reminders

pytestmark = pytest.mark.soak

SEED = int(os.environ.get("YEAR_SEED", "20260101"))
# A short soak lives through the year of a third of the people, and kills less often; the shortest,
# through the weeks around National Day alone.
SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
PEOPLE, KILLS = (182, 12) if SECONDS < 600 else (546, 50)
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
if SECONDS < 60:
    FIRST, LAST, KILLS = date(YEAR, 9, 15), date(YEAR, 10, 14), 3
WITHIN_S = 120
# Days on which something falls by hand: the calendar of the State Council for 2026.
SPRING_FESTIVAL = [date(2026, 2, day) for day in range(15, 24)]
NATIONAL_DAY = [date(2026, 10, day) for day in range(1, 8)]
MADE_UP = [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9),
           date(2026, 9, 20), date(2026, 10, 10)]  # fmt: skip


@pytest.fixture
def town():
    return draw_town(SEED, counties=[VILLAGE, OTHER_COUNTY_VILLAGE], people=PEOPLE)


@pytest.fixture
def city(own_city, as_platform, town):
    with transaction() as session:
        put_town(session, town)
    shift = clock.SHIFT
    yield own_city
    clock.SHIFT = shift


@pytest.fixture
def provider():
    with Provider().open() as provider:
        yield provider


def reminded():
    with transaction(writes=False) as session:
        rows = session.execute(
            text("SELECT kind, subject, rung, due_on, recipient FROM reminder")
        ).all()
    return [tuple(row) for row in rows]


def asked():
    """The messages by whose, what and when; a delivery id holds the message's number besides."""
    query = text(
        "SELECT c.phone, m.kind, m.subject, m.due_at, m.status FROM message m"
        " JOIN contact c ON c.id = m.contact_id"
    )
    with transaction(writes=False) as session:
        return [tuple(row) for row in session.execute(query).all()]


def is_said_once(found, town):
    told = [one for one in found if one[0] != "county_list"]
    assert len(set(found)) == len(found)
    expected = {one for one in expected_reminders(town) if FIRST <= one[3] <= LAST}
    assert set(told) == expected, (
        f"{len(set(told) - expected)} too many, {len(expected - set(told))} missing",
        sorted(set(told) ^ expected, key=str)[:8],
    )


def is_delivered_once(provider):
    messages = asked()
    assert {status for *_, status in messages} == {"sent"}
    # What the provider was asked for twice, it was asked for under one and the same key.
    assert len(provider.asked) == len(messages)
    by_hour = Counter(due_at.astimezone(clock.CITY).hour for *_, due_at, _ in messages)
    assert set(by_hour) <= set(range(7, 21)), by_hour
    return {message[:4] for message in messages}


def say(sentence):
    sys.stdout.write(f"\n{sentence}\n")


def forget(city):
    with psycopg.connect(libpq_url(city.superuser_url), autocommit=True) as connection:
        connection.execute(f"SET search_path TO city_{CITY}")
        connection.execute("TRUNCATE reminder, message, job_run CASCADE")


@contextmanager
def process(city, provider, *, patience_s="0"):
    """One that lives through the year; it is ready, and waits to be told to."""
    child = subprocess.Popen(
        [sys.executable, "-m", "infra.simulation.days", str(FIRST), str(LAST), patience_s],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "YINLING_ENV": "test",
            "YINLING_CITY": CITY,
            "YINLING_CONTEXT_KEY": CONTEXT_KEY,
            "YINLING_FIELD_KEYS": FIELD_KEYS,
            "YINLING_INDEX_KEY": INDEX_KEY,
            "YINLING_SMS_GATEWAY": "http",
            "YINLING_SMS_URL": provider.url,
            "DATABASE_URL": city.app_url,
        },
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def go(child):
    assert child.stdout.readline() == b"ready\n"
    child.stdin.write(b"go\n")
    child.stdin.flush()


def live_and_be_killed(city, provider, chance, *, seconds_a_life):
    """Processes in a row, each killed at a random moment; the last lives to the end."""
    killed = 0
    while killed < KILLS:
        with process(city, provider) as child:
            go(child)
            time.sleep(chance.uniform(0.02, 2 * seconds_a_life))
            assert child.poll() is None, "the year was over, or the process broke"
            os.kill(child.pid, signal.SIGKILL)
            killed += 1
    with process(city, provider) as child:
        go(child)
        assert child.wait(600) == 0
    return killed


def test_a_year_says_everything_once_and_again_when_killed_and_when_side_by_side(
    city, provider, town
):
    began = time.monotonic()
    Living(CITY, HttpGateway(provider.url)).through(FIRST, LAST)
    took_s = time.monotonic() - began
    plain = reminded()
    is_said_once(plain, town)
    plain_messages = is_delivered_once(provider)
    on_what_days(plain)
    say(f"seed {SEED}: {len(plain)} reminders, {len(plain_messages)} messages, {took_s:.0f} s")
    assert took_s < WITHIN_S

    forget(city)
    with Provider().open() as other:
        chance = Random(SEED + 1)
        killed = live_and_be_killed(city, other, chance, seconds_a_life=took_s / (KILLS * 1.6))
        again = sum(other.asked.values()) - len(other.asked)
        say(f"killed {killed} times; {again} handed over twice under one key")
        assert set(reminded()) == set(plain)
        assert len(reminded()) == len(plain)
        assert is_delivered_once(other) == plain_messages
        assert killed == KILLS

    forget(city)
    with (
        Provider().open() as third,
        process(city, third, patience_s="5") as one,
        process(city, third, patience_s="5") as two,
    ):
        go(one)
        go(two)
        assert (one.wait(900), two.wait(900)) == (0, 0)
        assert sorted(reminded()) == sorted(plain)
        assert is_delivered_once(third) == plain_messages


def on_what_days(found):
    """Nothing on days without work; weekends that are worked are days like others."""
    days = {due_on for *_, due_on, _ in found}
    assert not days & {*SPRING_FESTIVAL, *NATIONAL_DAY, date(2026, 1, 1), date(2026, 5, 1)}
    assert {day for day in days if day.weekday() > 4} <= set(MADE_UP)
    by_kind = {}
    for kind, _, _, due_on, _ in found:
        by_kind.setdefault(kind, set()).add(due_on)
    # New Year's window opens after 1–3 January on Sunday the 4th, which is worked.
    assert by_kind.get("window_opens", set()) == lived({date(2026, 1, 4), date(2026, 7, 1)})
    # The first of October is told after National Day; 1 November is a Sunday.
    short_of_hours = {date(2026, 10, 8), date(2026, 11, 2), date(2026, 12, 1)}
    assert by_kind["education"] == lived(short_of_hours)
    # 16 February is in the Spring Festival: after it, on Tuesday the 24th.
    assert lived({date(2026, 2, 24), date(2026, 9, 16)}) <= by_kind["attendance"]
    assert date(2026, 2, 16) not in by_kind["attendance"]


def lived(days):
    """Those of the days that the soak lives through."""
    return {day for day in days if FIRST <= day <= LAST}

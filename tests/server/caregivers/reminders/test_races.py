"""Many who remind of the same day at once say everything once; the keys see to it."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from server.caregivers.reminders.asking import remind_caregivers
from server.caregivers.reminders.service import find_due
from server.db.sessions import transaction
from tests.factories.caregivers import make_caregiver, make_certificate, make_employment
from tests.factories.meals import make_site

pytestmark = pytest.mark.long

DAY, MANY = date(2026, 3, 2), 6
DROP = (
    "ALTER TABLE city_1405.reminder DROP CONSTRAINT uq_reminder_once",
    "ALTER TABLE city_1405.reminder DROP CONSTRAINT uq_reminder_one_a_rung",
)


@pytest.fixture
def home(own_city, as_platform):
    with transaction() as session:
        site = make_site(session)
        for _ in range(20):
            caregiver = make_caregiver(session, site)
            make_employment(session, caregiver, starts_on=date(2022, 1, 10))
            make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))


def remind_all_at_once():
    start = Barrier(MANY)

    def remind():
        with transaction() as session:
            due = find_due(session, DAY, DAY, day=DAY)
            start.wait(30)
            return remind_caregivers(session, due)

    with ThreadPoolExecutor(MANY) as pool:
        asked = [pool.submit(copy_context().run, remind) for _ in range(MANY)]
        return sum(one.result() for one in asked)


def count(table):
    with transaction(writes=False) as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_whoever_reminds_at_once_says_everything_once(home):
    assert remind_all_at_once() == 20
    assert (count("reminder"), count("message")) == (20, 20)


def test_without_its_keys_the_table_would_say_it_again(own_city, home):
    owner = create_engine(own_city.owner_url)
    with owner.begin() as connection:
        for statement in DROP:
            connection.execute(text(statement))
    owner.dispose()

    assert remind_all_at_once() == 20 * MANY

"""Two schedulers side by side; the leader killed, frozen, cut off; a quick and clean end."""

import os
import signal
from time import monotonic

import pytest
from sqlalchemy import create_engine, text

from tests.scheduler.provider import started, until

pytestmark = pytest.mark.long

MODULE = "tests.scheduler.ticking"


@pytest.fixture
def superuser(own_city):
    engine = create_engine(own_city.superuser_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE public.fired (slot timestamptz, pid int)"))
        connection.execute(text("GRANT INSERT ON public.fired TO yinling_app"))
        yield connection
    engine.dispose()


def fired(superuser):
    return superuser.execute(text("SELECT slot, pid FROM public.fired ORDER BY slot")).all()


def pids(superuser):
    return {pid for _, pid in fired(superuser)}


def both_are_up(superuser):
    """Both schedulers hold their line: one leads, the other waits for it."""
    lines = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'yinling-lead'")
    return superuser.execute(lines).scalar_one() == 2 and fired(superuser)


def no_slot_was_run_twice(superuser):
    slots = [slot for slot, _ in fired(superuser)]
    return len(slots) == len(set(slots))


def test_a_killed_leader_is_followed_and_no_slot_is_run_twice(own_city, superuser):
    with started(MODULE, own_city) as one, started(MODULE, own_city) as other:
        until(lambda: both_are_up(superuser))
        (leader,) = pids(superuser)
        assert leader in (one.pid, other.pid)

        os.kill(leader, signal.SIGKILL)
        until(lambda: len(pids(superuser)) == 2, within_s=15)

        count = len(fired(superuser))
        until(lambda: len(fired(superuser)) >= count + 2)
    assert no_slot_was_run_twice(superuser)


def test_at_the_pace_of_service_the_other_takes_over_within_fifteen_seconds(own_city, superuser):
    with started(MODULE, own_city, "usual"), started(MODULE, own_city, "usual"):
        until(lambda: both_are_up(superuser))
        (leader,) = pids(superuser)
        os.kill(leader, signal.SIGKILL)
        killed_at = monotonic()
        until(lambda: len(pids(superuser)) == 2, within_s=15)
        assert monotonic() - killed_at < 15
    assert no_slot_was_run_twice(superuser)


def test_a_job_whose_line_is_cut_at_work_is_not_at_work_twice(own_city, superuser):
    """Every connection is cut in the middle of a run, three times, and both schedulers live on.

    The run goes silent and waits for its minute; nobody else begins its slot meanwhile, and the
    slots that follow are run by one process each.
    """
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'yinling_app'"
    )
    with started(MODULE, own_city, "slow"), started(MODULE, own_city, "slow"):
        until(lambda: both_are_up(superuser))
        for _ in range(3):
            slots = {slot for slot, _ in fired(superuser)}
            until(lambda seen=slots: {slot for slot, _ in fired(superuser)} - seen)
            superuser.execute(cut)
        slots = {slot for slot, _ in fired(superuser)}
        until(lambda: len({slot for slot, _ in fired(superuser)} - slots) >= 2)
        by_slot = {}
        for slot, pid in fired(superuser):
            by_slot.setdefault(slot, []).append(pid)
    assert all(len(set(pids)) == 1 for pids in by_slot.values()), by_slot
    assert all(len(pids) <= 4 for pids in by_slot.values()), by_slot


def test_a_frozen_leader_is_followed_and_finds_its_slots_taken(own_city, superuser):
    with started(MODULE, own_city) as one, started(MODULE, own_city) as other:
        until(lambda: both_are_up(superuser))
        (leader,) = pids(superuser)

        os.kill(leader, signal.SIGSTOP)
        until(lambda: len(pids(superuser)) == 2, within_s=15)
        os.kill(leader, signal.SIGCONT)

        count = len(fired(superuser))
        until(lambda: len(fired(superuser)) >= count + 2)
        assert leader in (one.pid, other.pid)
    assert no_slot_was_run_twice(superuser)


def test_lost_connections_cost_the_lead_and_no_slot_is_run_twice(own_city, superuser):
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'yinling_app'"
    )
    with started(MODULE, own_city), started(MODULE, own_city):
        until(lambda: both_are_up(superuser))
        superuser.execute(cut)
        count = len(fired(superuser))
        until(lambda: len(fired(superuser)) >= count + 3)
    assert no_slot_was_run_twice(superuser)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "INT"])
def test_a_scheduler_told_to_end_ends_soon_and_gives_up_the_lead(
    own_city, superuser, signal_number
):
    with started(MODULE, own_city) as scheduler:
        until(lambda: fired(superuser))
        scheduler.send_signal(signal_number)
        assert scheduler.wait(30) == 0
    lock = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted")
    until(lambda: superuser.execute(lock).first() is None)

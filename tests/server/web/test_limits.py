"""Windows of fixed length: they count, end, and are forgotten."""

from datetime import timedelta

import pytest
import time_machine

from server import clock
from server.web.limits import SWEPT_EVERY_S, FixedWindows

A_MINUTE = 60


@pytest.fixture
def windows():
    return FixedWindows()


def test_a_window_counts_until_it_ends(windows):
    began = clock.now()
    with time_machine.travel(began, tick=False):
        assert [windows.incr("a", A_MINUTE) for _ in range(3)] == [1, 2, 3]
        assert windows.get("a") == 3
        assert windows.get("b") == 0
        assert windows.get_expiry("a") == pytest.approx(began.timestamp() + A_MINUTE, abs=1)
    with time_machine.travel(began + timedelta(seconds=61), tick=False):
        assert windows.get("a") == 0
        assert windows.incr("a", A_MINUTE) == 1


def test_ended_windows_do_not_pile_up(windows):
    began = clock.now()
    with time_machine.travel(began, tick=False):
        for caller in range(1_000):
            windows.incr(str(caller), A_MINUTE)
    later = began + timedelta(seconds=A_MINUTE + SWEPT_EVERY_S)
    with time_machine.travel(later, tick=False):
        windows.incr("new", A_MINUTE)

        assert windows.reset() == 1


def test_one_caller_can_be_forgotten(windows):
    windows.incr("a", A_MINUTE)
    windows.incr("b", A_MINUTE)

    windows.clear("a")

    assert (windows.get("a"), windows.get("b")) == (0, 1)
    assert windows.check()

"""Many screens that renew themselves, while something changes: how long until each has seen it."""

import http.client
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

from infra.bench.client import percentile

ASKS_EVERY_S = 1.5
CHANGES = 20
CHANGES_EVERY_S = 2.5
GOAL_S = 2.0


@dataclass(frozen=True)
class Screen:
    """A page that renews itself, and whose it is."""

    port: int
    token: str
    path: str


@dataclass
class Seen:
    """What one viewer was answered: seconds of each answer, and when its page was another one."""

    took_s: list[float] = field(default_factory=list)
    renewed_at: list[float] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True)
class Watched:
    """What all viewers saw of all changes."""

    viewers: int
    took_s: list[float]
    waited_s: list[float]
    refused: int

    def __str__(self) -> str:
        ms = [1000 * percentile(self.took_s, share) for share in (0.5, 0.95)]
        seen = [percentile(self.waited_s, share) for share in (0.5, 0.95, 1.0)]
        mark = "✓" if seen[-1] < GOAL_S and not self.refused else "✗"
        return (
            f"{self.viewers} viewers, {len(self.took_s):,} answers: p50 {ms[0]:.0f} ms,"
            f" p95 {ms[1]:.0f} ms; a change is seen after {seen[0]:.1f} s (p50),"
            f" {seen[1]:.1f} s (p95), {seen[2]:.1f} s at most (< {GOAL_S:.0f} {mark});"
            f" {self.refused} refused"
        )


def look_on(screen: Screen, *, viewers: int, change: Callable[[], None]) -> Watched:
    """Let so many look at the screen while `change` is called, again and again."""
    ends = Event()
    with ThreadPoolExecutor(viewers) as pool:
        looking = [pool.submit(_look, screen, ends, one / viewers) for one in range(viewers)]
        time.sleep(2 * ASKS_EVERY_S)
        changed_at = [_change(change) for _ in range(CHANGES)]
        ends.set()
        seen = [one.result() for one in looking]
    waited = [wait for one in seen for wait in _waits(changed_at, one.renewed_at)]
    took = [seconds for one in seen for seconds in one.took_s]
    return Watched(viewers, took, waited, sum(one.refused for one in seen))


def _change(change: Callable[[], None]) -> float:
    change()
    changed_at = time.monotonic()
    time.sleep(CHANGES_EVERY_S)
    return changed_at


def _waits(changed_at: list[float], renewed_at: list[float]) -> list[float]:
    """How long after each change the page was another one; infinite where it never was."""
    return [
        next((at - changed for at in renewed_at if at >= changed), float("inf"))
        for changed in changed_at
    ]


def _look(screen: Screen, ends: Event, phase: float) -> Seen:
    seen, known = Seen(), ""
    connection = http.client.HTTPConnection("127.0.0.1", screen.port, timeout=30)
    time.sleep(phase * ASKS_EVERY_S)
    while not ends.is_set():
        began = time.monotonic()
        status, known = _ask(connection, screen, known)
        seen.took_s.append(time.monotonic() - began)
        if status == 200:
            seen.renewed_at.append(time.monotonic())
        seen.refused += status not in (200, 304)
        ends.wait(max(0.0, ASKS_EVERY_S - (time.monotonic() - began)))
    connection.close()
    return seen


def _ask(connection: http.client.HTTPConnection, screen: Screen, known: str) -> tuple[int, str]:
    headers = {"HX-Request": "true", "Cookie": f"yinling_console={screen.token}"}
    connection.request("GET", screen.path, headers=headers | {"If-None-Match": known})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers.get("ETag", known)

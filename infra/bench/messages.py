"""How many messages a minute leave the house: `python -m infra.bench.messages`.

Workers are processes of their own that empty one outbox against a provider on the loopback that
keeps to the `Idempotency-Key`. Then the same while a worker is killed again and again at random.
Counted at the provider: keys it never heard of (lost), and keys it was handed more than once.
Everything lies under `var/bench-messages`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

import click
from sqlalchemy import text

from infra.bench.cities import city_of_its_own, machine, say
from infra.processes import Platform
from server import clock
from server.db.sessions import transaction
from server.notifications.models import Channel
from server.notifications.rules import LEASE
from server.notifications.service import Asked, ask_for_messages

VAR = Path("var/bench-messages")
GOAL_A_MINUTE = 6000
ASKED_AT_ONCE = 1000
LONGEST_S = 300.0
# Beyond a lease, so that what a killed worker held comes free at once for the next.
PAST_A_LEASE_S = int(LEASE.total_seconds()) + 5


class Provider:
    """Takes a message once a key, and counts how often it was handed over."""

    def __init__(self) -> None:
        self.handed: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, key: str) -> None:
        with self._lock:
            self.handed[key] += 1

    @contextmanager
    def open(self) -> Iterator[str]:
        provider = self

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                provider.take(self.headers["Idempotency-Key"])
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Listening(ThreadingHTTPServer):
            request_queue_size = 256
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A worker that is killed hangs up: that is what is measured."""

        server = Listening(("127.0.0.1", 0), Answers)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        server.server_close()


@click.command()
@click.option("--messages", default=6000, show_default=True, help="How many are sent each time.")
@click.option("--workers", default="1,2,4", show_default=True, help="How many side by side.")
@click.option("--kills", default=10, show_default=True, help="How often a worker is killed.")
@click.option("--seed", default=1405, show_default=True, help="Of the moments of the kills.")
def main(messages: int, workers: str, kills: int, seed: int) -> None:
    """Print messages a minute by number of workers, and what kills lose and repeat."""
    with city_of_its_own(VAR) as platform:
        say(" workers  messages  seconds  a minute  lost  twice")
        first = None
        for number in [int(one) for one in workers.split(",")]:
            rate = _measure(platform, messages, number)
            first = first or rate
        _killed(platform, messages, kills, seed)
    say(machine())
    if first is not None and first < GOAL_A_MINUTE:
        raise SystemExit(f"one worker sends {first:.0f} a minute, the goal is {GOAL_A_MINUTE}")


def _measure(platform: Platform, messages: int, workers: int) -> float:
    _ask(platform, messages)
    provider = Provider()
    with provider.open() as url, _working(platform, url, workers):
        while not provider.handed:
            time.sleep(0.01)
        began = time.monotonic()
        _wait(lambda: len(provider.handed) >= messages)
        took = time.monotonic() - began
        _wait(lambda: _is_done(platform))
    rate = messages / took * 60
    lost, twice = messages - len(provider.handed), _twice(provider)
    say(f"{workers:>8} {messages:>9} {took:>8.1f} {rate:>9.0f} {lost:>5} {twice:>6}")
    return rate


def _killed(platform: Platform, messages: int, kills: int, seed: int) -> None:
    """One worker after another, each killed at a random moment of its work, and a last that ends.

    Each begins with its clock a lease later, so that nobody waits a minute for what was held.
    """
    _ask(platform, messages)
    chance, provider = random.Random(seed), Provider()
    with provider.open() as url:
        for number in range(kills):
            more = chance.randint(1, max(1, messages // (kills + 1)))
            goal = min(len(provider.handed) + more, messages)
            with _working(platform, url, 1, shift=number * PAST_A_LEASE_S) as (worker,):
                _wait(partial(_has, provider, goal))
                worker.send_signal(signal.SIGKILL)
                worker.wait()
        with _working(platform, url, 1, shift=kills * PAST_A_LEASE_S):
            _wait(lambda: _is_done(platform))
    lost, twice = messages - len(provider.handed), _twice(provider)
    say(f"{kills} kills (seed {seed}): {lost} lost, {twice} handed over twice under the same key")
    if lost:
        raise SystemExit("messages were lost")


def _has(provider: Provider, goal: int) -> bool:
    return len(provider.handed) >= goal


def _twice(provider: Provider) -> int:
    return sum(times > 1 for times in provider.handed.values())


def _ask(platform: Platform, messages: int) -> None:
    """Put sign-in codes into the outbox, each to a phone of its own."""
    due_at = clock.now() - timedelta(seconds=1)
    with platform.working("bench.messages"):
        for start in range(0, messages, ASKED_AT_ONCE):
            with transaction() as session:
                ask_for_messages(
                    session,
                    [
                        Asked(
                            f"+86138{number:08}",
                            "zh-CN",
                            Channel.SMS,
                            "identity.sign_in_code",
                            f"bench:{due_at.timestamp()}:{number}",
                            {"code": "048213"},
                            due_at,
                        )
                        for number in range(start, min(start + ASKED_AT_ONCE, messages))
                    ],
                )


def _is_done(platform: Platform) -> bool:
    time.sleep(0.2)
    open_ones = text("SELECT count(*) FROM message WHERE status IN ('waiting', 'leased')")
    with platform.working("bench.messages"), transaction(writes=False) as session:
        return session.execute(open_ones).scalar_one() == 0


@contextmanager
def _working(
    platform: Platform, url: str, workers: int, *, shift: int = 0
) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    environment = {
        **os.environ,
        "YINLING_SMS_GATEWAY": "http",
        "YINLING_SMS_URL": url,
        "YINLING_CLOCK_SHIFT_SECONDS": str(shift),
        "YINLING_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "infra.bench.message_worker"]
    started = [subprocess.Popen(command, env=environment) for _ in range(workers)]
    try:
        yield started
    finally:
        for one in started:
            one.kill()
            one.wait()


def _wait(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_S
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("the messages did not go out in time")
        time.sleep(0.01)


if __name__ == "__main__":
    main()

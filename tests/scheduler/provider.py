"""A small SMS provider on the loopback, and the processes of ours that talk to it."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from time import monotonic, sleep

from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY, Database

ROOT = Path(__file__).parents[2]


class Answers(BaseHTTPRequestHandler):
    """Takes a message once an `Idempotency-Key`, however often it is handed over."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.provider.take(self.headers["Idempotency-Key"], body)
        sleep(self.server.provider.takes_s)
        status = self.server.provider.status
        self.send_response(status)
        if self.server.provider.retry_after:
            self.send_header("Retry-After", self.server.provider.retry_after)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


class Answering(ThreadingHTTPServer):
    """As many may knock at once as workers have senders: who is refused tries a minute later."""

    request_queue_size = 256


class Provider:
    """What the provider was asked, and how it answers next."""

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.takes_s = takes_s
        self.status = 200
        self.retry_after: str | None = None
        self.asked: Counter[str] = Counter()
        self.bodies: list[dict[str, str]] = []
        self._lock = Lock()

    def take(self, key: str, body: dict[str, str]) -> None:
        with self._lock:
            self.asked[key] += 1
            self.bodies.append(body)

    @contextmanager
    def open(self) -> Iterator["Provider"]:
        server = Answering(("127.0.0.1", 0), Answers)
        server.daemon_threads = True
        server.provider = self  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}/messages"
        yield self
        server.shutdown()
        server.server_close()


@contextmanager
def started(
    module: str, database: Database, *words: str, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start one of our processes on the database, as the platform wires it; end it at last."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={
            **os.environ,
            "YINLING_ENV": "test",
            "YINLING_CITY": CITY,
            "YINLING_CONTEXT_KEY": CONTEXT_KEY,
            "YINLING_FIELD_KEYS": FIELD_KEYS,
            "YINLING_INDEX_KEY": INDEX_KEY,
            "DATABASE_URL": database.app_url,
            **environment,
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds, *, within_s: float = 180.0) -> None:
    """Wait for it; fail where it does not come true."""
    end = monotonic() + within_s
    while not holds():
        assert monotonic() < end, "it did not come true in time"
        sleep(0.02)

"""The application as `yinling serve` runs it: granian, two workers, two connections each."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.settings import Settings

READY_WITHIN_S = 60


class NotServing(RuntimeError):
    """The application did not answer; the message holds what it said."""


@contextmanager
def served(settings: Settings, *, said: Path) -> Iterator[int]:
    """Serve on a free port while the block runs; yields the port. Raises `NotServing`."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as figures, said.open("wb") as log:
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": figures}
        server = subprocess.Popen(_command(settings, port), env=environment, stdout=log, stderr=log)
        try:
            _await_answer(server, port, said)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def get(port: int, path: str, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of one answer, names in lower case."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def _command(settings: Settings, port: int) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--workers": settings.workers,
        "--blocking-threads": settings.threads,
        "--port": port,
        "--log-level": "warning",
    }
    words = [str(word) for option in options.items() for word in option]
    target = ["--no-access-log", "--factory", "infra.wsgi:create_application"]
    return [sys.executable, "-m", "granian", *words, *target]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_answer(server: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        try:
            get(port, "/api/v1/ping", {})
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise NotServing(said.read_text(errors="replace")[-4000:])

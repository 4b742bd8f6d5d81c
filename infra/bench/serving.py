"""The application, served by the very command that `yinling serve` starts."""

import os
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.metrics import FOLDER_VARIABLE
from infra.serving.household import web_command
from infra.serving.listening import Place
from server.settings import Settings

HOST = "127.0.0.1"


class NotServing(RuntimeError):
    """The application ended before it answered; the message holds what it said."""


@dataclass(frozen=True)
class Served:
    """Where the application answers, and the process all its workers belong to."""

    port: int
    pid: int


@contextmanager
def served(settings: Settings, *, said: Path) -> Iterator[Served]:
    """Serve on a free port while the block runs.

    Raises `NotServing`, and `NeverReady` where the application does not come up.
    """
    place = Place(HOST, free_port())
    with tempfile.TemporaryDirectory() as figures, said.open("wb") as log:
        environment = {**os.environ, FOLDER_VARIABLE: figures, "PYTHONUNBUFFERED": "1"}
        server = subprocess.Popen(
            web_command(settings, place), env=environment, stdout=log, stderr=log
        )
        try:
            place.await_ready(check=lambda: _check(server, said))
            yield Served(place.port, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)


def get_headers(port: int, path: str) -> Mapping[str, str]:
    """Return the headers of one answer, names in lower case."""
    with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=20) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}


def free_port() -> int:
    """Return a port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _check(server: subprocess.Popen[bytes], said: Path) -> None:
    if server.poll() is not None:
        raise NotServing(said.read_text(errors="replace")[-4000:])

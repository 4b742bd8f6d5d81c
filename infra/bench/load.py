"""Put load on the served application and read off what it could bear."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import orjson

from infra.bench import client
from infra.bench.traffic import Traffic

CLIENTS = 32
SCRIPT = Path(__file__).with_name("load.lua")
LINE = re.compile(r"^LOAD (?P<told>\{.*\})$", re.MULTILINE)


@dataclass(frozen=True)
class Load:
    """What was borne: answers of every kind, those that were no success, and how long they took."""

    answers: int
    refused: int
    broken: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Successes a second."""
        return (self.answers - self.refused) / self.seconds


def generator() -> str:
    """Return which load generator this machine has."""
    return "wrk" if shutil.which("wrk") else "our own client (wrk is not installed)"


def put_load(traffic: Traffic, *, port: int, seconds: float) -> Load:
    """Send the traffic from so many clients at once, each waiting for its answer."""
    if shutil.which("wrk"):
        return _by_wrk(traffic, port=port, seconds=seconds)
    answers = client.generate(traffic, port=port, connections=CLIENTS, seconds=seconds)
    return read_answers(answers, seconds=seconds)


def read_answers(answers: client.Answers, *, seconds: float) -> Load:
    """Return what our own client was answered, in the form that wrk reports."""
    p50, p95, p99 = (client.percentile(answers.took_s, share) * 1000 for share in (0.5, 0.95, 0.99))
    return Load(
        len(answers.took_s), answers.refused, answers.broken, seconds, p50, p95, p99
    )  # fmt: skip


def read_wrk(printed: str) -> Load:
    """Return what wrk reports through our script; raises `ValueError` where it says nothing."""
    line = LINE.search(printed)
    if line is None:
        raise ValueError(f"wrk did not end as it should:\n{printed}")
    return Load(**orjson.loads(line["told"]))


def _by_wrk(traffic: Traffic, *, port: int, seconds: float) -> Load:
    options, environment = traffic.as_wrk()
    address = f"http://127.0.0.1:{port}{traffic.path}"
    amount = ["--threads=1", f"--connections={CLIENTS}", f"--duration={round(seconds)}s"]
    done = subprocess.run(
        ["wrk", *amount, f"--script={SCRIPT}", *options, address],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return read_wrk(done.stdout + done.stderr)

"""A load generator of our own, for machines without wrk: a few processes, many connections each.

A connection sends its next request when the last one is answered, as a phone would.
"""

import math
import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from infra.bench.traffic import Traffic

PROCESSES = 2
LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
HEAD_ENDS = b"\r\n\r\n"
WITHOUT_BODY = (b"204", b"304")


@dataclass
class Answers:
    """What one process was answered: seconds of each answer, and how many were no success."""

    took_s: list[float] = field(default_factory=list)
    refused: int = 0
    broken: int = 0


def generate(traffic: Traffic, *, port: int, connections: int, seconds: float) -> Answers:
    """Send the traffic for so long over so many connections; returns what came back."""
    share = connections // PROCESSES
    shares = [(traffic, port, share, seconds, number) for number in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        parts = pool.starmap(work, shares)
    return Answers(
        [seconds for part in parts for seconds in part.took_s],
        sum(part.refused for part in parts),
        sum(part.broken for part in parts),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed; 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(math.ceil(len(values) * share) - 1, 0)]


def answer_length(received: bytes) -> int | None:
    """Return how long the whole answer is, or None while its head is not there yet."""
    end = received.find(HEAD_ENDS)
    if end < 0:
        return None
    head_length = end + len(HEAD_ENDS)
    if received[9:12] in WITHOUT_BODY:
        return head_length
    length = LENGTH.search(received, 0, head_length)
    return head_length + (int(length[1]) if length else 0)


class _Connection:
    """One phone: at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = bytearray()
        self._sent_at = 0.0

    def send(self, request: bytes) -> None:
        self._received.clear()
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self, answers: Answers) -> bool:
        """Take what has come; True when that completes the answer."""
        came = self.socket.recv(65536)
        self._received += came
        length = answer_length(bytes(self._received))
        if came and (length is None or len(self._received) < length):
            return False
        answers.took_s.append(time.perf_counter() - self._sent_at)
        answers.broken += not came
        answers.refused += bool(came) and self._received[9:10] not in (b"2", b"3")
        return True


def work(traffic: Traffic, port: int, connections: int, seconds: float, first: int) -> Answers:
    """Do one process's share: requests number first, first + PROCESSES, and so on."""
    answers = Answers()
    numbers: Iterator[int] = count(first, PROCESSES)
    host = f"127.0.0.1:{port}"
    with selectors.DefaultSelector() as selector, ExitStack() as opened:
        for _ in range(connections):
            connection = _Connection(port)
            opened.enter_context(connection.socket)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(traffic.request(next(numbers), host))
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for key, _events in selector.select(timeout=0.1):
                if key.data.receive(answers):
                    key.data.send(traffic.request(next(numbers), host))
    return answers

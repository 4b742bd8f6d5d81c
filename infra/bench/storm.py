"""Phones that book through whatever happens: each asks with one key until it is answered.

A phone that hears nothing, or that the city is not ready, asks again with the same key, as the app
does. What was answered is kept by resident, so that it can be held against the rows afterwards.
"""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context

import orjson

from infra.bench import city

PROCESSES = 2
PATIENCE_S = 60.0
AGAIN_AFTER_S = 0.1
TIMEOUT_S = 10.0
SERVER_TROUBLE = 500


@dataclass(frozen=True)
class Wish:
    """One resident's lunch on one day, asked for under one key."""

    ordinal: int
    sitting_id: int

    @property
    def body(self) -> bytes:
        resident = city.FIRST_RESIDENT + self.ordinal
        return b'{"sitting_id":%d,"resident_id":%d}' % (self.sitting_id, resident)

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {city.token_of(self.ordinal)}",
            "Idempotency-Key": f"00000000-0000-4000-8000-{self.ordinal:012x}",
            "Content-Type": "application/json",
        }


@dataclass(frozen=True)
class Answer:
    """What a phone was told in the end. Times are of `time.monotonic()`; `tries` counts from 1.

    `booking_id` is None where the city refused, `status` 0 where patience ran out.
    """

    ordinal: int
    sitting_id: int
    status: int
    booking_id: int | None
    tries: int
    first_sent_s: float
    last_sent_s: float
    answered_s: float

    @property
    def took_ms(self) -> float:
        return 1000 * (self.answered_s - self.first_sent_s)


def book_all(wishes: Sequence[Wish], *, port: int, clients: int) -> list[Answer]:
    """Let so many phones at once carry out the wishes; returns every answer."""
    share = clients // PROCESSES
    shares = [(wishes[number::PROCESSES], port, share) for number in range(PROCESSES)]
    with get_context("spawn").Pool(PROCESSES) as pool:
        return [answer for part in pool.starmap(_book_share, shares) for answer in part]


def _book_share(wishes: Sequence[Wish], port: int, clients: int) -> list[Answer]:
    waiting, answers = iter(wishes), list[Answer]()
    lock = threading.Lock()
    threads = [
        threading.Thread(target=_be_phones, args=(waiting, port, lock, answers))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _be_phones(
    waiting: Iterator[Wish], port: int, lock: threading.Lock, answers: list[Answer]
) -> None:
    """Be one phone after the other, over a connection that is kept while it lasts."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    while True:
        with lock:
            wish = next(waiting, None)
        if wish is None:
            connection.close()
            return
        answers.append(_ask_until_answered(connection, wish))


def _ask_until_answered(connection: http.client.HTTPConnection, wish: Wish) -> Answer:
    began, tries = time.monotonic(), 0
    while True:
        sent, tries = time.monotonic(), tries + 1
        status, booking_id = _ask(connection, wish)
        answered = time.monotonic()
        if status or answered - began > PATIENCE_S:
            told = (status, booking_id, tries, began, sent, answered)
            return Answer(wish.ordinal, wish.sitting_id, *told)
        time.sleep(AGAIN_AFTER_S)


def _ask(connection: http.client.HTTPConnection, wish: Wish) -> tuple[int, int | None]:
    """Return status and booking; status 0 is nothing a phone can rely on."""
    try:
        connection.request("POST", "/api/v1/bookings", wish.body, wish.headers)
        answer = connection.getresponse()
        told = answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, None
    if answer.status >= SERVER_TROUBLE:
        return 0, None
    booking_id = orjson.loads(told)["id"] if answer.status == http.client.CREATED else None
    return answer.status, booking_id

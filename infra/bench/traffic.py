"""What is sent, said once for both load generators: wrk, and our own where wrk is not installed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from infra.bench import city

LANGUAGE = {"Accept-Language": "zh-CN"}


class Traffic(Protocol):
    """Requests without end; the n-th is the same for every generator."""

    path: str

    def request(self, number: int, host: str) -> bytes:
        """Return the n-th request as it goes over the wire."""
        ...

    def as_wrk(self) -> tuple[list[str], dict[str, str]]:
        """Return the options and the environment that let wrk send the same."""
        ...


@dataclass(frozen=True)
class Reading:
    """The same GET again and again, by one reader."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, number: int, host: str) -> bytes:
        return _head("GET", self.path, {"Host": host, **LANGUAGE, **self.headers})

    def as_wrk(self) -> tuple[list[str], dict[str, str]]:
        sent = {**LANGUAGE, **self.headers}
        return [f"--header={name}: {value}" for name, value in sent.items()], {}


@dataclass(frozen=True)
class Booking:
    """Bookings of one run, each of another resident with a sign-in and a key of their own."""

    run: city.Run
    path: str = "/api/v1/bookings"

    def request(self, number: int, host: str) -> bytes:
        who = number % city.RESIDENTS
        body = b'{"sitting_id":%d,"resident_id":%d}' % (
            self.run.sitting_of(who),
            city.FIRST_RESIDENT + who,
        )
        headers = {
            "Host": host,
            **LANGUAGE,
            "Authorization": f"Bearer {city.token_of(who)}",
            "Idempotency-Key": f"{self.run.number:08x}-0000-4000-8000-{number:012x}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }
        return _head("POST", self.path, headers) + body

    def as_wrk(self) -> tuple[list[str], dict[str, str]]:
        options = [f"--header={name}: {value}" for name, value in LANGUAGE.items()]
        return options, {
            "BENCH_RUN": str(self.run.number),
            "BENCH_FIRST_SITTING": str(self.run.first_sitting),
            "BENCH_SITTINGS": str(self.run.sittings),
            "BENCH_FIRST_RESIDENT": str(city.FIRST_RESIDENT),
            "BENCH_RESIDENTS": str(city.RESIDENTS),
            "BENCH_TOKEN_FORMAT": city.TOKEN_FORMAT,
        }


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()

"""What surrounds every request: a context of its own, its id, one log line, two figures."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from typing import Any
from uuid import uuid4

import structlog
from werkzeug.wrappers import Response

from infra.logs import without_numbers_of_people
from infra.metrics import count_request
from server.db.cities import begin_city
from server.web.requests import REQUEST_ID

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
LARGEST_GATHERED_BYTES = 1024 * 1024
FACES = {
    "": "root",
    "/api": "phone-api",
    "/app": "phone-app",
    "/admin": "console",
    "/open": "open-api",
}
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
QUIET_FACES = frozenset({"root", "phone-app"})

log = structlog.get_logger("yinling.requests")


class RequestFrame:
    """Runs each request of the wrapped application in a fresh context, within the city."""

    def __init__(self, application: Application, *, city_code: str, access_log: Any) -> None:
        self._application = application
        self._access_log = access_log
        self._beginning = Context()
        self._beginning.run(begin_city, city_code)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        context = self._beginning.copy()
        return context.run(self._answer, context, environ, start_response)

    def _answer(
        self, context: Context, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        request = _Request(environ, start_response, self._access_log)
        structlog.contextvars.bind_contextvars(request_id=request.id)
        try:
            body = self._application(environ, request.start)
        except Exception:
            log.exception("a request failed outside every face")
            body = _fault()(environ, request.start)
        if request.is_long:
            return _StreamedBody(context, body, request)
        return request.gather(body)


class _Request:
    """One request: its id on the way in and out, and what is said of it at its end."""

    def __init__(self, environ: Environ, start_response: StartResponse, access_log: Any) -> None:
        self.id = environ[REQUEST_ID] = request_id_from(environ.get("HTTP_X_REQUEST_ID"))
        self.is_long = False
        self._environ = environ
        self._start_response = start_response
        self._access_log = access_log
        self._status = 500
        self._route = route_of(environ)
        self._began = time.perf_counter()

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """WSGI's `start_response`, listened to."""
        self._status = int(status[:3])
        self._route = route_of(self._environ)  # Flask forgets it when the request ends.
        length = next((value for name, value in headers if name.lower() == "content-length"), None)
        has_body = self._status not in (204, 304)
        self.is_long = has_body and (length is None or int(length) > LARGEST_GATHERED_BYTES)
        headers.append(("X-Request-Id", self.id))
        return self._start_response(status, headers, exc_info)

    def gather(self, body: Iterable[bytes]) -> list[bytes]:
        """Return the whole body, made while its context is still there."""
        try:
            return list(body)
        finally:
            _close(body)
            self.end()

    def end(self) -> None:
        """Write the line and count the figures."""
        seconds = time.perf_counter() - self._began
        face = FACES.get(self._environ.get("SCRIPT_NAME", ""), "root")
        count_request(face, self._status, seconds)
        method = self._environ.get("REQUEST_METHOD", "")
        quiet = face in QUIET_FACES and self._status < 400
        write = self._access_log.debug if quiet else self._access_log.info
        write(
            "request",
            method=method if method in METHODS else "…",
            route=self._route,
            status=self._status,
            ms=round(seconds * 1000, 1),
        )


class _StreamedBody:
    """A long body: each piece is made within the request's own context."""

    def __init__(self, context: Context, body: Iterable[bytes], request: _Request) -> None:
        self._context = context
        self._body = body
        self._pieces = iter(body)
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._context.run(next, self._pieces)

    def close(self) -> None:
        """Let go of the body and end the request."""
        self._context.run(_close, self._body)
        self._context.run(self._request.end)


def request_id_from(offered: str | None) -> str:
    """Return the caller's id where it is a plain one that can be nobody's number, or a new one."""
    if offered and SANE_REQUEST_ID.fullmatch(offered):
        return offered if without_numbers_of_people(offered) == offered else uuid4().hex
    return uuid4().hex


def route_of(environ: Environ) -> str:
    """Return the rule that the request matched: it holds no value of anybody's."""
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    mount = environ.get("SCRIPT_NAME", "")
    return f"{mount}{rule.rule}" if rule is not None else f"{mount}/…"


def _fault() -> Response:
    return Response("银龄暂时出了问题。 Something went wrong here.\n", 500)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()

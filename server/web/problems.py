"""Every failure of an API leaves as an RFC 9457 problem, in the reader's language."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
import orjson
from flask import Response
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from server.db.sessions import TryAgain
from server.errors import DomainError, Kind
from server.i18n.catalogues import gettext, problem_sentence

PROBLEM_JSON = "application/problem+json"
STATUS: Mapping[Kind, HTTPStatus] = {
    Kind.MALFORMED: HTTPStatus.BAD_REQUEST,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.UNKNOWN_ACTOR: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}

# The code of a failure that the framework, not the domain, has found.
CODE_OF_STATUS: Mapping[int, str] = {
    400: "request-malformed",
    401: "sign-in-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "request-too-large",
    415: "media-type-unsupported",
    422: "input-unusable",
    429: "too-many-requests",
    503: "not-available-now",
}
FAULT = "server-fault"

# marshmallow's own sentences that carry a value; the rest are looked up as they stand.
SENTENCES_WITH_A_VALUE = (
    (re.compile(r"Must be greater than or equal to (?P<least>\S+)"
                r" and less than or equal to (?P<most>\S+)\."),
     "Must be from {least} to {most}."),
    (re.compile(r"Must be greater than or equal to (?P<least>\S+)\."),
     "Must be at least {least}."),
    (re.compile(r"Must be less than or equal to (?P<most>\S+)\."), "Must be at most {most}."),
    (re.compile(r"Longer than maximum length (?P<most>\d+)\."), "At most {most} characters."),
    (re.compile(r"Shorter than minimum length (?P<least>\d+)\."), "At least {least} characters."),
    (re.compile(r"Length must be between (?P<least>\d+) and (?P<most>\d+)\."),
     "From {least} to {most} characters."),
    (re.compile(r"Must be one of: (?P<choices>.+)\."), "Must be one of: {choices}."),
)  # fmt: skip


class FieldErrorSchema(ma.Schema):
    pointer = ma.fields.String(metadata={"description": "JSON Pointer to the offending member."})
    detail = ma.fields.String()


class ProblemSchema(ma.Schema):
    type = ma.fields.String()
    title = ma.fields.String()
    status = ma.fields.Integer()
    detail = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(FieldErrorSchema))


class ProblemApi(Api):
    """flask-smorest's Api whose every failure is a problem; see ADR on the one private method."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        super()._register_error_handlers()
        self._app.register_error_handler(DomainError, self.handle_domain_error)
        for busy in (OperationalError, NoConnectionFree, TryAgain):
            self._app.register_error_handler(busy, self.handle_busy_database)

    def handle_domain_error(self, error: DomainError) -> Response:
        """A refusal of the domain: its code, its facts, and the sentence from the catalogue."""
        return problem_of(error)

    def handle_busy_database(self, error: Exception) -> Response:
        """The database is away or overrun; nothing was done, and the caller may try again."""
        response = problem(HTTPStatus.SERVICE_UNAVAILABLE, CODE_OF_STATUS[503])
        response.headers["Retry-After"] = "2"
        return response

    def handle_http_exception(self, error: HTTPException) -> Response:
        """A failure that the framework found: bad JSON, a wrong field, an unknown address."""
        data: Mapping[str, Any] = getattr(error, "data", None) or {}
        status = HTTPStatus(error.code or 500)
        messages = data.get("messages") or data.get("errors")
        members: dict[str, Any] = {"errors": list(pointers(messages))} if messages else {}
        response = problem(status, CODE_OF_STATUS.get(status, FAULT), **members)
        response.headers.extend(data.get("headers") or {})
        return response

    def _register_responses(self) -> None:
        for status in [status for status in HTTPStatus if status >= 400]:
            response = {"description": status.phrase, "schema": ProblemSchema}
            prepare_response(response, self.spec, PROBLEM_JSON)
            self.spec.components.response(status.name, response, lazy=True)
        default = {"description": "Any other problem", "schema": ProblemSchema}
        prepare_response(default, self.spec, PROBLEM_JSON)
        self.spec.components.response("DEFAULT_ERROR", default, lazy=True)


def problem_of(error: DomainError) -> Response:
    """Return the problem that a refusal of the domain is."""
    response = problem(STATUS[error.kind], error.code, facts=error.facts, **error.facts)
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def problem(
    status: HTTPStatus, code: str, *, facts: Mapping[str, Any] | None = None, **members: Any
) -> Response:
    """Return a problem response whose `detail` is the sentence of the code."""
    body = {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": problem_sentence(code, dict(facts or {})),
        **members,
    }
    return Response(orjson.dumps(body, default=str), status.value, mimetype=PROBLEM_JSON)


def pointers(messages: Any, at: str = "") -> Iterator[dict[str, str]]:
    """Flatten marshmallow's nested messages into RFC 9457's list of pointers."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from pointers(inner, at if key in _OF_THE_WHOLE and not at else f"{at}/{key}")
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield {"pointer": at, "detail": sentence_of(str(message))}


def sentence_of(message: str) -> str:
    """Return a validation message of the schemas in the reader's language."""
    for pattern, template in SENTENCES_WITH_A_VALUE:
        found = pattern.fullmatch(message)
        if found:
            return gettext(template, **found.groupdict())
    return gettext(message)


# Where the input stood, or marshmallow's word for all of it: no member of the input itself.
_OF_THE_WHOLE = frozenset({"json", "query", "query_args", "headers", "files", "form", "_schema"})

"""flask-smorest's blueprint, made strict: what is not named is refused, and JSON is JSON."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import marshmallow as ma
import orjson
from flask import Request, request
from flask_smorest import Blueprint
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import UnsupportedMediaType

from server.errors import DomainError, Kind
from server.intake.cells import cleaned

NUL = "\x00"


class UnknownFilter(DomainError):
    """The address carries a query that this resource does not know."""

    code = "unknown-filter"
    kind = Kind.INVALID


class StrictParser(FlaskParser):
    """Leaves unknown members to the schema, which raises; reads a body as JSON or not at all."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = dict.fromkeys(
        FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION
    )

    def _raw_load_json(self, req: Request) -> Any:
        """Parse by orjson: what no text column holds (half a surrogate, NaN) is malformed here."""
        body = req.get_data(cache=True)
        if not body:
            return core.missing
        if not is_json_request(req):
            raise UnsupportedMediaType()
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            # Raised from here: webargs takes an error without text for an absent body.
            return self._handle_invalid_json_error(error, req)


class StrictBlueprint(Blueprint):
    """A blueprint whose resources take exactly what their schemas name.

    A view without a schema of its query takes no query.
    """

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: Any, **options: Any) -> Any:
        """As flask-smorest's, with the schema made once instead of at each request."""
        made = schema() if isinstance(schema, type) else schema
        return super().arguments(made, **options)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        if view_func is not None and not _takes_a_query(view_func):
            view_func = _refusing_a_query(view_func)
        super().add_url_rule(rule, endpoint, view_func, *args, **options)


class StrictSchema(ma.Schema):
    """Base of every command and query: what is not named is refused, and so is a NUL in a text."""

    class Meta:
        unknown = ma.RAISE

    @ma.pre_load
    def refuse_nul(self, given: Any, **_: Any) -> Any:
        """PostgreSQL keeps every character but this one."""
        if isinstance(given, Mapping):
            broken = [
                name for name, value in given.items() if isinstance(value, str) and NUL in value
            ]
            if broken:
                raise ma.ValidationError({name: ["Not a valid string."] for name in broken})
        return given


class NameField(ma.fields.String):
    """A name, without what nobody can see: two that look alike are alike, and none is empty."""

    def __init__(self, *, most: int, **given: Any) -> None:
        super().__init__(validate=ma.validate.Length(min=1, max=most), **given)

    def _deserialize(self, *given: Any, **more: Any) -> str:
        return cleaned(super()._deserialize(*given, **more))


def _takes_a_query(view: Callable[..., Any]) -> bool:
    documented = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    return any(parameters["in"] == "query" for parameters in documented)


def _refusing_a_query(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if request.args:
            raise UnknownFilter(name=", ".join(sorted(request.args)))
        return view(*args, **kwargs)

    return wrapper

"""flask-smorest's blueprint, made strict: an unknown field or filter is refused everywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from server.errors import DomainError, Kind


class UnknownFilter(DomainError):
    """The address carries a query that this resource does not know."""

    code = "unknown-filter"
    kind = Kind.INVALID


class StrictParser(FlaskParser):
    """Leaves unknown members to the schema, which raises."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = dict.fromkeys(
        FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION
    )


class StrictBlueprint(Blueprint):
    """A blueprint whose resources take exactly what their schemas name."""

    ARGUMENTS_PARSER = StrictParser()

    def no_query(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Refuse any query on a resource that takes none."""

        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if request.args:
                raise UnknownFilter(name=", ".join(sorted(request.args)))
            return view(*args, **kwargs)

        return wrapper


class StrictSchema(ma.Schema):
    """Base of every command and query: what is not named is refused."""

    class Meta:
        unknown = ma.RAISE

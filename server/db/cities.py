"""Which city the present work is for. One city, one schema; no module holds a city."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_city: ContextVar[str] = ContextVar("city")

CITY_CODE = re.compile(r"\d{4}\Z")


class UnusableCityCode(ValueError):
    """A city is named by the four digits of its administrative division."""


def schema_of(city_code: str) -> str:
    """Return the schema that holds the city; raises `UnusableCityCode` (the name goes into SQL)."""
    if not CITY_CODE.match(city_code):
        raise UnusableCityCode(city_code)
    return f"city_{city_code}"


def current_city() -> str:
    """Return the four digits of the city that this work is for; raises `LookupError` outside."""
    return _city.get()


def begin_city(city_code: str) -> None:
    """Let the rest of this context (a request) be this city's work."""
    schema_of(city_code)
    _city.set(city_code)


@contextmanager
def in_city(city_code: str) -> Iterator[None]:
    """Do the block's work for this city."""
    schema_of(city_code)
    token = _city.set(city_code)
    try:
        yield
    finally:
        _city.reset(token)

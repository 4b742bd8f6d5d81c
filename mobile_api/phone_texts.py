"""The phone app's texts in two parts: those of its first load, and those of screens opened rarely.

A text that only modules of `features/*/later` hold is asked for together with the first of them.
Whatever cannot be told from the sources comes at once.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import orjson

from server.i18n.catalogues import catalogue

PHONE = Path(__file__).parent / "phone"
LATER = "later"
# Literals of JavaScript: what stands between either kind of quotes.
QUOTES = ('"', "`")


def first_texts(language: str) -> Mapping[str, str]:
    """Return what the first load says, by the English sentence."""
    return {key: text for key, text in _all(language).items() if key not in _later_keys()}


def later_texts(language: str) -> Mapping[str, str]:
    """Return what only rarely opened screens say."""
    return {key: text for key, text in _all(language).items() if key in _later_keys()}


def _all(language: str) -> Mapping[str, str]:
    return catalogue(language, "phone")


@cache
def _later_keys() -> frozenset[str]:
    at_once, later = [], []
    for path in sorted(PHONE.rglob("*.js")):
        of_the_first = LATER not in path.relative_to(PHONE).parts
        (at_once if of_the_first else later).append(path.read_text("utf-8"))
    keys = _all("en")
    return frozenset(key for key in keys if _is_in(key, later) and not _is_in(key, at_once))


def _is_in(key: str, sources: Sequence[str]) -> bool:
    sentence = orjson.dumps(key).decode()[1:-1]
    return any(f"{quote}{sentence}{quote}" in source for source in sources for quote in QUOTES)

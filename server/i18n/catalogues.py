"""Read the catalogues and answer with the text in the reader's language.

The `.po` files are read once, at the first need; nothing is compiled and nothing can be stale.
An English message id that is missing from a catalogue is shown as it stands; `make lint` fails
before that can reach a user.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from server.i18n.facts import Standing, listed, readable

FOLDER = Path(__file__).parent / "catalogues"
LANGUAGES = ("zh-CN", "en")
DEFAULT_LANGUAGE = "zh-CN"
DOMAINS = ("problems", "phone", "counter", "console", "cli", "messages")
# These are sent to the app that shows them.
SENT = {"phone", "counter"}

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


@cache
def catalogue(language: str, domain: str) -> dict[str, str]:
    """Return message id → text; ids with a context are `context\\x04id`, as in gettext."""
    path = FOLDER / language.replace("-", "_") / f"{domain}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        entries = read_po(file, locale=language.replace("-", "_"))
    return {
        f"{entry.context}\x04{entry.id}" if entry.context else str(entry.id): str(entry.string)
        for entry in entries
        if entry.id and entry.string
    }


@cache
def _all_texts(language: str) -> dict[str, str]:
    """Every domain but those that are sent to an app instead."""
    texts: dict[str, str] = {}
    for domain in DOMAINS:
        if domain not in SENT:
            texts.update(catalogue(language, domain))
    return texts


def current_language() -> str:
    """Return the language of the present reader, `zh-CN` unless said otherwise."""
    return _language.get()


def use_language(language: str) -> None:
    """Answer the rest of this request or command in the language."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Answer the block in the language."""
    token = _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, /, **facts: Any) -> str:
    """Return the text for an English message id, its `{placeholders}` filled with the facts."""
    return _filled(_all_texts(current_language()).get(message, message), facts)


def marked(message: str) -> str:
    """Return the message id as it is: a text that is written here and looked up later."""
    return message


def pgettext(context: str, message: str, /, **facts: Any) -> str:
    """As `gettext`, for an id that needs a context (a code, or a word with two meanings)."""
    texts = _all_texts(current_language())
    return _filled(texts.get(f"{context}\x04{message}", message), facts)


def problem_sentence(code: str, facts: dict[str, Any]) -> str:
    """Return the sentence a resident's daughter reads for a refusal's code.

    `needs` are codes, each said in words of the context `need`.
    """
    locale = current_language().replace("-", "_")
    dressed = readable(facts, locale)
    if "needs" in facts:
        dressed["needs"] = listed([pgettext("need", need) for need in facts["needs"]], locale)
    return pgettext("problem", code, **dressed)


def _filled(template: str, facts: dict[str, Any]) -> str:
    return template.format_map(_Leaving(facts)) if facts else template


class _Leaving(dict[str, Any]):
    """A missing fact leaves its placeholder standing rather than losing the sentence."""

    def __missing__(self, name: str) -> str:
        return Standing("{" + name + "}")

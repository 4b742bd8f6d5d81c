"""Forms and filters are read by schemas, as the phone's JSON is: what is not named is refused."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import marshmallow as ma
from flask import request, url_for

from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.web.blueprints import UnknownFilter
from server.web.problems import sentence_of

OF_EVERY_FORM = {"csrf_token", "next"}


def submitted(form: type[ma.Schema]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the form's values and no errors, or no values and a sentence list per field."""
    try:
        return form().load(_filled_in(request.form) | _lists_in(form)), {}
    except ma.ValidationError as refusal:
        return {}, {
            field: [sentence_of(message) for message in _flat(messages)]
            for field, messages in refusal.messages_dict.items()
        }


def asked(filters: type[ma.Schema]) -> dict[str, Any]:
    """Return the filters of the address; raises `UnknownFilter` for any that the page lacks."""
    try:
        return filters().load(_filled_in(request.args))
    except ma.ValidationError as refusal:
        raise UnknownFilter(name=", ".join(sorted(refusal.messages_dict))) from refusal


def local_address(wanted: str | None) -> str:
    """Return the address if it is one of the console's own pages, else the home page."""
    try:
        parts = urlsplit(wanted or "")
    except ValueError:
        return url_for("home.show_home")
    is_ours = parts.path.startswith(f"{request.script_root}/") and not parts.path.startswith("//")
    if parts.scheme or parts.netloc or not is_ours or "\\" in (wanted or ""):
        return url_for("home.show_home")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def named_errors(errors: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Return what stands in an error summary: each field with its name and first sentence."""
    return [
        (
            name,
            _("{field}: {sentence}", field=pgettext("field", name), sentence=sentences[0]),
        )
        for name, sentences in errors.items()
    ]


def unlinked_errors(errors: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """The same for a page on which one name stands in several forms."""
    return [("", sentence) for _name, sentence in named_errors(errors)]


def _flat(messages: Any) -> list[str]:
    """A list of values is refused value by value."""
    if not isinstance(messages, Mapping):
        return list(messages)
    return [message for inner in messages.values() for message in _flat(inner)]


def _lists_in(form: type[ma.Schema]) -> dict[str, list[str]]:
    """Boxes of one name, of which several are ticked."""
    several = [name for name, field in form().fields.items() if isinstance(field, ma.fields.List)]
    return {name: request.form.getlist(name) for name in several if name in request.form}


def _filled_in(sent: Mapping[str, str]) -> dict[str, str]:
    """A field left empty is a field not given."""
    trimmed = {name: value.strip() for name, value in sent.items() if name not in OF_EVERY_FORM}
    return {name: value for name, value in trimmed.items() if value}

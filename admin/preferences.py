"""Language, size of text and contrast, as the reader of this browser has chosen them."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, redirect, request

from admin import cookies
from admin.forms import local_address
from server.i18n.catalogues import LANGUAGES, use_language
from server.web.access import open_to_all

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")

CHOICES: Mapping[str, Sequence[str]] = {
    "language": LANGUAGES,
    "text_size": ("normal", "large", "largest"),
    "contrast": ("normal", "high"),
}


def chosen(name: str) -> str | None:
    """Return what this browser's reader has chosen, None where nothing fits."""
    value = request.cookies.get(f"yinling_{name}")
    return value if value in CHOICES[name] else None


def speak_as_chosen() -> None:
    """Let the chosen language win over the browser's own."""
    language = chosen("language")
    if language is not None:
        use_language(language)


@blueprint.post("")
@open_to_all
def choose() -> Response:
    """Remember a choice and return to the page it was made on."""
    response = redirect(local_address(request.form.get("next")), 303)
    for name, offered in CHOICES.items():
        if request.form.get(name) in offered:
            cookies.keep_choice(response, f"yinling_{name}", request.form[name])
    return response

"""The few pages that belong to no face: the landing page, and a sentence where nothing else is."""

from pathlib import Path

from flask import Flask, render_template, request

from server.i18n.catalogues import (
    LANGUAGES,
    current_language,
    gettext,
    problem_sentence,
    use_language,
)

TEMPLATES = Path(__file__).parent / "templates"


def add_pages(app: Flask) -> None:
    """Let the app's templates speak the language of whoever asks."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=gettext, language=current_language)
    app.before_request(speak_to_the_reader)


def speak_to_the_reader() -> None:
    """Answer the rest of the request in the best of the languages that the reader takes."""
    use_language(request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0])


def sentence_page(code: str) -> str:
    """Return a page that says what the code of a refusal means, and nothing else."""
    return render_template("sentence.html", sentence=problem_sentence(code, {}))

"""The pages of public notices, mounted at `/public/notices`. Nobody signs in; no script is needed.

Whoever reads a list finds masked names. Whoever objects may leave a contact, and keeps a receipt.
"""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, render_template
from flask_limiter import Limiter
from werkzeug.exceptions import HTTPException

from mobile_api.public_notices import views
from server.db.acts import Face
from server.errors import DomainError
from server.i18n.catalogues import current_language, pgettext, problem_sentence
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.settings import settings
from server.web import limits
from server.web.access import client_address
from server.web.headers import add_security_headers, compress
from server.web.problems import CODE_OF_STATUS, FAULT, STATUS
from server.web.requests import follow_requests

TEMPLATES = Path(__file__).parent / "templates"
REQUESTS_PER_ADDRESS = "120 per minute"
# A village shares an address, and a whole list of it may be wrong.
OBJECTIONS_PER_ADDRESS = "20 per hour"
# A list of three thousand is seconds of work for the machine.
PAPERS_PER_ADDRESS = "10 per minute"
LARGEST_FORM = 16 * 1024


def create_app() -> Flask:
    """Return the app of the public notices."""
    app = Flask("yinling.public_notices", static_folder=None, template_folder=str(TEMPLATES))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=_, pgettext=pgettext, language=current_language)
    app.jinja_env.globals["hotline"] = settings().hotline
    app.jinja_env.filters.update(yuan=in_yuan, counted=lambda number: f"{number:,}")
    follow_requests(app, Face.PHONE, lambda: None)
    add_security_headers(app)
    compress(app)
    app.after_request(_keep_to_the_reader)
    app.register_error_handler(DomainError, show_refusal)
    app.register_error_handler(HTTPException, show_failure)
    _add_routes(app)
    return app


def _add_routes(app: Flask) -> None:
    limiter = Limiter(
        client_address, app=app, default_limits=[REQUESTS_PER_ADDRESS], storage_uri=limits.STORE,
        enabled=settings().rate_limits,
    )  # fmt: skip
    app.extensions["notices-limiter"] = limiter  # A view knows its limiter weakly.
    seldom = limiter.limit(OBJECTIONS_PER_ADDRESS)
    add: Callable[..., Any] = app.add_url_rule
    add("/<code>", view_func=views.show_notice)
    now_and_then = limiter.limit(PAPERS_PER_ADDRESS)
    add("/<code>/list.pdf", view_func=now_and_then(views.print_notice))
    add("/<code>/objection", view_func=views.show_objection_form)
    add("/<code>/objection", view_func=seldom(views.object_to_notice), methods=["POST"])
    add("/<code>/receipts", view_func=views.find_receipt)
    add("/<code>/receipts/<receipt>", view_func=views.show_receipt)


def _keep_to_the_reader(response: Response) -> Response:
    """No search engine keeps a list of people, and no cache on the way."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def show_refusal(error: DomainError) -> Response:
    """A refusal as a page: what it is, and a number to call."""
    return _told(error.code, error.facts, STATUS[error.kind])


def show_failure(error: HTTPException) -> Response:
    """What the framework found, as a page."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    return _told(CODE_OF_STATUS.get(status, FAULT), {}, status)


def _told(code: str, facts: Any, status: int) -> Response:
    sentence = problem_sentence(code, facts)
    return make_response(render_template("refusal.html", sentence=sentence), status)

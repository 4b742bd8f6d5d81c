"""`/t/<code>`: whether a certificate of completion is true, for whoever holds its code.

Anybody may ask. The page says no more than is needed: a masked name, the course, the day.
"""

from pathlib import Path

from flask import Flask, Response, make_response, render_template, request
from flask_limiter import Limiter
from sqlmodel import Session

from server import masking
from server.caregivers.training.certifying import find_by_code
from server.db.acts import Face
from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.settings import settings
from server.web import limits
from server.web.access import client_address, shows_the_door
from server.web.headers import add_security_headers, compress
from server.web.requests import follow_requests

TEMPLATES = Path(__file__).parent / "templates"
REQUESTS_PER_ADDRESS = "120 per minute"


def create_app() -> Flask:
    """Return the app of the one page; it is mounted at `/t`."""
    app = Flask("yinling.certificates", static_folder=None, template_folder=str(TEMPLATES))
    app.jinja_env.globals.update(_=_, pgettext=pgettext, language=current_language)
    app.jinja_env.filters["masked_name"] = masking.name
    follow_requests(app, Face.PHONE, lambda: None)
    add_security_headers(app)
    compress(app)
    Limiter(
        client_address,
        app=app,
        default_limits=[REQUESTS_PER_ADDRESS],
        storage_uri=limits.STORE,
        enabled=settings().rate_limits,
    )
    app.add_url_rule("/<code>", view_func=show_certificate)
    return app


@shows_the_door
def show_certificate(*, code: str, session: Session) -> Response:
    """What anybody may know of the certificate with this code."""
    row = find_by_code(session, code)
    response = make_response(
        render_template("certificate.html", row=row, page=request.path), 200 if row else 404
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

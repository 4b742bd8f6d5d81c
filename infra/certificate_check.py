"""What a caregiver's QR code opens: whether a certificate is good today, and hardly more.

Anybody may ask, without signing in. A code has 144 bits, so nobody finds one by trying; whoever
tries all the same is slowed down.
"""

import uuid

from flask import Flask, Response, make_response, render_template, request
from flask_limiter import Limiter
from sqlmodel import Session

from infra.pages import sentence_page
from server import clock
from server.caregivers.certifying import check_by_code
from server.db.acts import Act, Face, acting
from server.db.sessions import reading
from server.errors import NotFound
from server.i18n.catalogues import pgettext
from server.settings import Settings
from server.web import limits
from server.web.access import client_address, open_to_all
from server.web.requests import REQUEST_ID

CHECKS_PER_ADDRESS = "60 per minute"
ACTION = "certificate.check"
LONGEST_CODE = 40


def add_certificate_check(app: Flask, settings: Settings) -> None:
    """Let the app answer at `/c/<code>`."""
    limiter = Limiter(
        client_address, app=app, storage_uri=limits.STORE, enabled=settings.rate_limits
    )
    app.extensions["certificate-limiter"] = limiter  # A view knows its limiter weakly.
    limited = limiter.limit(CHECKS_PER_ADDRESS)(show_certificate)
    app.add_url_rule("/c/<code>", "show_certificate", limited)


@open_to_all
def show_certificate(code: str) -> Response:
    """Masked name and number, level, issuer, and whether it is good today; 404 for no code."""
    request_id = request.environ.setdefault(REQUEST_ID, uuid.uuid4().hex)
    try:
        with acting(Act(Face.PHONE, ACTION, request_id, service=True)):
            response = make_response(_page(code=code[:LONGEST_CODE]))
    except NotFound:
        response = make_response(sentence_page(NotFound.code), 404)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@reading
def _page(*, code: str, session: Session) -> str:
    today = clock.today()
    shown = check_by_code(session, code, on=today)
    return render_template(
        "certificate.html",
        shown=shown,
        level=pgettext("skill_level", str(shown.level)),
        standing=pgettext("certificate_standing", shown.standing.value),
        today=today,
    )

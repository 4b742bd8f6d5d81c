"""The open API as a Flask app of its own, mounted at `/open`.

The register of sites is public. What is not, departments read with a key, see `keyed`.
"""

from flask import Flask, request
from flask_limiter import Limiter

from server.db.acts import Face
from server.identity.service.api_keys import BEGINS_WITH
from server.open_api import (
    alarms,
    bed_returns,
    departures,
    heartbeats,
    payment_notices,
    site_contacts,
    sites,
    sms_replies,
)
from server.settings import settings
from server.web import docs_page, limits
from server.web.access import bearer_token, client_address
from server.web.headers import add_security_headers, compress
from server.web.json_provider import OrjsonProvider
from server.web.problems import ProblemApi
from server.web.requests import answer_unchanged, follow_requests

REQUESTS_PER_CALLER = "120 per minute"
# A key has its own limit, counted in the database; beneath it lies the address, for made-up keys.
REQUESTS_WITH_A_KEY = "6000 per minute"
# Payment providers tell of a whole city from one address.
NOTICES = "/v1/payments/"


def requests_allowed() -> str:
    """Return how often the address of this request may call."""
    if request.path.startswith(NOTICES):
        return REQUESTS_WITH_A_KEY
    carries_key = (bearer_token() or "").startswith(BEGINS_WITH)
    return REQUESTS_WITH_A_KEY if carries_key else REQUESTS_PER_CALLER


def create_app() -> Flask:
    """Return the open API as a Flask app."""
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        API_TITLE="Yinling open API",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    follow_requests(app, Face.OPEN_API, bearer_token)
    compress(app)
    add_security_headers(app)
    app.after_request(answer_unchanged)
    Limiter(
        client_address,
        app=app,
        default_limits=[requests_allowed],
        storage_uri=limits.STORE,
        enabled=settings().rate_limits,
    )
    api = ProblemApi(app, spec_kwargs={"servers": [{"url": "/open"}]})
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    api.register_blueprint(sites.blueprint)
    api.register_blueprint(site_contacts.blueprint)
    api.register_blueprint(departures.blueprint)
    api.register_blueprint(bed_returns.blueprint)
    api.register_blueprint(heartbeats.blueprint)
    api.register_blueprint(alarms.blueprint)
    api.register_blueprint(sms_replies.blueprint)
    api.register_blueprint(payment_notices.blueprint)
    docs_page.add_docs(app)
    app.extensions["problem-api"] = api
    return app

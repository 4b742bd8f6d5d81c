"""The phone API: one list of resources, problems for every failure, OpenAPI 3.1."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_limiter import Limit, Limiter

from mobile_api import ping
from mobile_api.allowances import views as allowances
from mobile_api.caregivers import views as caregivers
from mobile_api.counter import delivery_views
from mobile_api.counter import views as counter
from mobile_api.facilities import application_views, home_views, viewing_views
from mobile_api.homecare import (
    bed_views,
    care_views,
    order_views,
    picture_views,
    plan_views,
    renovation_views,
    wish_views,
    worker_views,
)
from mobile_api.identity import views as identity
from mobile_api.meals import (
    booking_views,
    canteen_views,
    diet_views,
    missed_views,
    photo_views,
    standing_views,
    top_up_views,
    voice_views,
    waiting_views,
    wallet_views,
)
from mobile_api.messages import views as messages
from mobile_api.own_data import closing_views as closing
from mobile_api.own_data import views as own_data
from mobile_api.providers import views as providers
from mobile_api.reminders import views as reminders
from mobile_api.residents import consent_views as consents
from mobile_api.residents import helper_views as helpers
from mobile_api.residents import views as residents
from mobile_api.subsidies import claim_views as subsidy_claims
from mobile_api.subsidies import recovery_views as subsidy_recoveries
from mobile_api.subsidies import views as subsidies
from mobile_api.training import views as training
from server.db.acts import Face
from server.settings import settings
from server.web import docs_page, limits
from server.web.access import bearer_token, client_address
from server.web.headers import add_security_headers, compress
from server.web.json_provider import OrjsonProvider
from server.web.problems import ProblemApi
from server.web.requests import answer_unchanged, follow_requests

BLUEPRINTS = (
    identity.blueprint,
    residents.blueprint,
    helpers.blueprint,
    consents.blueprint,
    own_data.blueprint,
    closing.blueprint,
    canteen_views.blueprint,
    booking_views.blueprint,
    providers.blueprint,
    home_views.blueprint,
    viewing_views.blueprint,
    application_views.blueprint,
    bed_views.blueprint,
    care_views.blueprint,
    plan_views.blueprint,
    worker_views.blueprint,
    order_views.blueprint,
    renovation_views.blueprint,
    picture_views.blueprint,
    ping.blueprint,
    wish_views.blueprint,
    standing_views.blueprint,
    waiting_views.blueprint,
    wallet_views.blueprint,
    counter.blueprint,
    delivery_views.blueprint,
    voice_views.blueprint,
    top_up_views.blueprint,
    diet_views.blueprint,
    missed_views.blueprint,
    photo_views.blueprint,
    caregivers.blueprint,
    training.blueprint,
    allowances.blueprint,
    messages.blueprint,
    reminders.blueprint,
    subsidies.blueprint,
    subsidy_claims.blueprint,
    subsidy_recoveries.blueprint,
)
LARGEST_BODY = 1024 * 1024
REQUESTS_PER_CALLER = "1200 per minute"
# Made-up tokens make no new callers: beneath them lies the address, which a whole town may share.
REQUESTS_PER_ADDRESS = "12000 per minute"


class PhoneApi(Flask):
    """Flask without looking at each call whether a view is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app() -> Flask:
    """Return the API as a Flask app to be mounted at `/api`."""
    app = PhoneApi(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        API_TITLE="Yinling phone API",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    follow_requests(app, Face.PHONE, bearer_token)
    compress(app)
    add_security_headers(app)
    app.after_request(answer_unchanged)
    Limiter(
        _caller,
        app=app,
        default_limits=[REQUESTS_PER_CALLER, Limit(REQUESTS_PER_ADDRESS, client_address)],
        storage_uri=limits.STORE,
        enabled=settings().rate_limits,
    )
    api = ProblemApi(app, spec_kwargs={"servers": [{"url": "/api"}]})
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    docs_page.add_docs(app)
    app.extensions["problem-api"] = api
    return app


def _caller() -> str:
    """A household shares an address; a token is one person's device."""
    return bearer_token() or client_address()

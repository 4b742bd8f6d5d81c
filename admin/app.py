"""The console as a Flask app of its own, to be mounted at `/admin`."""

from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limit, Limiter
from flask_wtf import CSRFProtect

from admin import cookies, errors, formats, forms, navigation, pictures, preferences, words
from admin.blueprints import BLUEPRINTS
from admin.caregivers import import_views as caregiver_import
from admin.facilities import occupant_views
from admin.policies import shipped_views
from admin.subsidy_money import one_batch_views
from server.db.acts import Face, present_actor
from server.i18n.catalogues import current_language, gettext, pgettext, problem_sentence
from server.identity import roles
from server.settings import settings
from server.web import deeds, limits
from server.web.access import client_address, open_to_all
from server.web.headers import add_security_headers, compress
from server.web.requests import follow_requests
from server.web.vendored import send_vendored

PROJECT = Path(__file__).parent.parent
STATIC = PROJECT / "admin" / "static"
LARGEST_BODY = 1024 * 1024
REQUESTS_PER_PERSON = "1200 per minute"
# A made-up cookie makes no new person: beneath it lies the address, which a town hall may share.
REQUESTS_PER_ADDRESS = "12000 per minute"


def create_app() -> Flask:
    """Return the console; where it is mounted it learns from each request."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings().secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="yinling_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A counter stays open all day: the form guard lives as long as the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    app.session_interface = FormSession()
    follow_requests(app, Face.CONSOLE, cookies.token)
    app.before_request(preferences.speak_as_chosen)
    app.before_request(pictures.let_pictures_in)
    app.before_request(occupant_views.let_lists_in)
    app.before_request(caregiver_import.let_lists_in)
    app.before_request(shipped_views.let_packs_in)
    app.before_request(one_batch_views.let_returns_in)
    CSRFProtect(app)
    app.after_request(keep_pages_out_of_caches)
    add_security_headers(app)
    compress(app)
    Limiter(
        _caller,
        app=app,
        default_limits=[REQUESTS_PER_PERSON, Limit(REQUESTS_PER_ADDRESS, client_address)],
        storage_uri=limits.STORE,
        enabled=settings().rate_limits,
    )
    _add_words(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/static/<path:filename>", "static", send_static)
    libraries = "/static/<any(htmx, leaflet, echarts):library>/<name>"
    app.add_url_rule(libraries, "vendored", send_library)
    errors.register(app)
    return app


class FormSession(SecureCookieSessionInterface):
    """The signed cookie of the form guard, kept to the mount, and to https where that is spoken."""

    def get_cookie_path(self, app: Flask) -> str:
        return cookies.path()

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


@open_to_all
def send_static(filename: str) -> Response:
    """A style or script of the console, asked for again each time and answered 304."""
    return _kept_if_unchanged(send_from_directory(STATIC, filename, conditional=True))


@open_to_all
def send_library(library: str, name: str) -> Response:
    """A file of a library behind live parts, maps and charts, as it was carried here."""
    return send_vendored(library, name)


def keep_pages_out_of_caches(response: Response) -> Response:
    """Whoever sits down at this computer next cannot go back to what was shown."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _kept_if_unchanged(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response


def may_here(permission: str) -> bool:
    """True where whoever is signed in holds the permission; a page shows no door it keeps shut."""
    actor = present_actor()
    return actor is not None and roles.may(actor, permission)


def _caller() -> str:
    return cookies.token() or client_address()


def _add_words(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=gettext,
        pgettext=pgettext,
        word=words.word,
        deed=deeds.deed,
        a_day=timedelta(days=1),
        may=may_here,
        told=lambda refusal: problem_sentence(refusal.code, refusal.facts),
        language=current_language,
        chosen=preferences.chosen,
        door_groups=navigation.groups_of,
        is_demo=lambda: settings().demo,
    )
    app.jinja_env.filters.update(
        formats.FILTERS, named_errors=forms.named_errors, unlinked_errors=forms.unlinked_errors
    )

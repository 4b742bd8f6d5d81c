"""The front door: the way to every face, the probes, the figures and the design files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request, send_from_directory
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from infra import metrics
from infra.certificate_check import add_certificate_check
from infra.job_figures import note_jobs
from infra.pages import TEMPLATES, add_pages, sentence_page
from server import clock
from server.audit.queries import seconds_behind
from server.db.cities import schema_of
from server.i18n.catalogues import DEFAULT_LANGUAGE, catalogue
from server.migrations.run import newest_step
from server.settings import Environment, Settings
from server.web.access import open_to_all
from server.web.headers import add_security_headers, compress
from server.web.problems import CODE_OF_STATUS, FAULT
from server.web.stylesheets import flattened

PROJECT = Path(__file__).parent.parent
DESIGN = PROJECT / "server" / "web" / "design"
ICONS = PROJECT / "mobile_api" / "phone" / "icons"
SERVED = frozenset({".css", ".js", ".svg", ".png", ".woff2"})
A_WEEK_S = 7 * 24 * 60 * 60
SENT_WHOLE = {"console.css"}  # The phone has a stylesheet of its own, which is whole already.
LOOPBACK = {"127.0.0.1", "::1"}


def create_app(settings: Settings) -> Flask:
    """Return the app at `/`, beneath which the faces are mounted."""
    app = Flask("yinling.root", static_folder=None, template_folder=str(TEMPLATES))
    add_pages(app)
    compress(app)
    add_security_headers(app)
    app.register_error_handler(HTTPException, show_problem)
    door = FrontDoor(settings, probing_engine(settings))
    app.add_url_rule("/", view_func=door.show_landing_page)
    app.add_url_rule("/healthz", view_func=door.show_health)
    app.add_url_rule("/readyz", view_func=door.show_readiness)
    app.add_url_rule("/metrics", view_func=door.show_metrics)
    app.add_url_rule("/design/<path:path>", view_func=door.send_design)
    app.add_url_rule("/favicon.ico", view_func=door.send_favicon)
    app.add_url_rule("/problems/<code>", view_func=door.show_code)
    add_certificate_check(app, settings)
    return app


def probing_engine(settings: Settings) -> Engine:
    """Return an engine that connects anew for each probe, so that no probe waits for the pool."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is missing")
    limits = {"connect_timeout": 2, "options": "-c statement_timeout=2s"}
    url = settings.database_url.get_secret_value()
    return create_engine(url, poolclass=NullPool, connect_args=limits)


def step_of_schema(engine: Engine, city_code: str) -> str | None:
    """Return the step that the city's schema is at; None where there is none, or no database."""
    query = text(f"SELECT version_num FROM {schema_of(city_code)}.alembic_version")
    try:
        with engine.connect() as connection:
            return connection.execute(query).scalar()
    except SQLAlchemyError:
        return None


def find_seconds_behind(engine: Engine, city_code: str) -> float | None:
    """Return for how long the oldest unsealed line waits; None where nobody answers."""
    query = text(f"SELECT * FROM {schema_of(city_code)}.trail_state()")
    try:
        with engine.connect() as connection:
            return seconds_behind(connection.execute(query).one(), now=clock.now())
    except SQLAlchemyError:
        return None


def find_message_figures(engine: Engine, city_code: str) -> dict[str, Any] | None:
    """Return how messages go, in counts; None where nobody answers."""
    query = text(f"SELECT {schema_of(city_code)}.message_state(:now)")
    try:
        with engine.connect() as connection:
            figures = connection.execute(query, {"now": clock.now()}).scalar_one()
    except SQLAlchemyError:
        return None
    ended = {(channel, result): number for channel, result, number in figures["ended"]}
    return {**figures, "ended": ended}


@dataclass(frozen=True)
class FrontDoor:
    """The views of the root."""

    settings: Settings
    probes: Engine

    @open_to_all
    def show_landing_page(self) -> str:
        """The way to every face."""
        return render_template("landing.html", is_demo=self.settings.demo)

    @open_to_all
    def show_health(self) -> Response:
        """The process lives."""
        return Response("ok\n", mimetype="text/plain")

    @open_to_all
    def show_readiness(self) -> tuple[Response, int]:
        """The process can serve: the database answers, and its schema is what this code knows."""
        expected, step = newest_step(), step_of_schema(self.probes, self.settings.city)
        is_ready = step == expected
        body = jsonify(ready=is_ready, city=self.settings.city, step=step, expected=expected)
        return body, 200 if is_ready else 503

    @open_to_all
    def show_metrics(self) -> Response:
        """The figures of all workers, for whoever asks from this machine."""
        if request.remote_addr not in LOOPBACK:
            abort(404)
        behind = find_seconds_behind(self.probes, self.settings.city)
        if behind is not None:
            metrics.note_sealed_behind(behind)
        messages = find_message_figures(self.probes, self.settings.city)
        if messages is not None:
            metrics.note_messages(messages)
        note_jobs(self.probes, self.settings.city)
        body, media_type = metrics.exposition()
        return Response(body, content_type=media_type)

    @open_to_all
    def send_design(self, path: str) -> Response:
        """A file of the design system; in production it may be kept for a week."""
        if Path(path).suffix not in SERVED:
            abort(404)
        may_be_kept = self.settings.env is Environment.PRODUCTION
        max_age = A_WEEK_S if may_be_kept else None
        if path in SENT_WHOLE:
            response = whole_stylesheet(path, max_age=max_age)
        else:
            response = send_from_directory(DESIGN, path, max_age=max_age)
        response.cache_control.public = may_be_kept
        return response

    @open_to_all
    def send_favicon(self) -> Response:
        """What browsers ask for by themselves."""
        return send_from_directory(ICONS, "icon-192.png", max_age=A_WEEK_S)

    @open_to_all
    def show_code(self, code: str) -> str:
        """What a problem's `type` points to: its sentence."""
        if f"problem\x04{code}" not in catalogue(DEFAULT_LANGUAGE, "problems"):
            abort(404)
        return sentence_page(code)


def whole_stylesheet(path: str, *, max_age: int | None) -> Response:
    """Return a stylesheet with all that it imports, and the ETag by which it is known again."""
    response = Response(flattened(DESIGN / path), mimetype="text/css")
    response.add_etag()
    if max_age is not None:
        response.cache_control.max_age = max_age
    else:
        response.cache_control.no_cache = True
    return response.make_conditional(request)


def show_problem(error: HTTPException) -> tuple[str, int]:
    """A page that says kindly what went wrong."""
    status = error.code or 500
    return sentence_page(CODE_OF_STATUS.get(status, FAULT)), status

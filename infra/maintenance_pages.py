"""What answers in place of the faces while maintenance is on."""

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, request

from infra.maintenance import flag_in
from infra.pages import TEMPLATES, add_pages, sentence_page
from infra.request_frame import Application, Environ, StartResponse
from server.web.headers import add_security_headers
from server.web.problems import problem

CODE = "maintenance"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
TRY_AGAIN_AFTER_S = 300
SPEAKS_JSON = ("/api/", "/open/")


def create_app() -> Flask:
    """Return the app that answers in place of the faces: 503, as a problem or as a page."""
    app = Flask("yinling.maintenance", static_folder=None, template_folder=str(TEMPLATES))
    add_pages(app)
    add_security_headers(app)
    app.before_request(answer)
    return app


def answer() -> Response:
    """Say kindly that nothing can be changed now."""
    if request.path.startswith(SPEAKS_JSON):
        response = problem(HTTPStatus.SERVICE_UNAVAILABLE, CODE)
    else:
        response = Response(sentence_page(CODE), HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(TRY_AGAIN_AFTER_S)
    response.headers["Cache-Control"] = "no-store"
    return response


class Maintenance:
    """Sends every change to the maintenance app while maintenance is on; reads go through."""

    def __init__(self, application: Application, *, var: Path) -> None:
        self._application = application
        self._closed = create_app()
        self._flag = flag_in(var)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in READING and self._flag.exists():
            return self._closed(environ, start_response)
        return self._application(environ, start_response)

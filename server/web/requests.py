"""What every face does around a request: who acts, in which language, and what is cacheable."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, abort, request

from server.db.acts import Face, begin_act
from server.i18n.catalogues import LANGUAGES, use_language
from server.web.access import act_of_request
from server.web.blueprints import NUL
from server.web.keys import KeyConverter

REQUEST_ID = "yinling.request_id"


def follow_requests(app: Flask, face: Face, token: Callable[[], str | None]) -> None:
    """Let every request of the app begin its act and speak its reader's language."""
    app.url_map.converters["int"] = KeyConverter

    @app.before_request
    def begin() -> None:
        if NUL in request.path:
            abort(HTTPStatus.NOT_FOUND)
        use_language(request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0])
        request_id = request.environ.setdefault(REQUEST_ID, uuid.uuid4().hex)
        begin_act(act_of_request(face, request_id, token()))


def answer_unchanged(response: Response) -> Response:
    """Give every answered GET its ETag, and answer 304 to a reader who has it already."""
    if request.method != "GET" or response.status_code != 200:
        response.headers.setdefault("Cache-Control", "no-store")
    elif not response.direct_passthrough:
        if not response.headers.get("ETag"):
            response.add_etag()
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.make_conditional(request)
    return response

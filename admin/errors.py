"""Refusals and failures as pages: what happened, and what to do now."""

from http import HTTPStatus

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from admin import cookies
from admin.pages import Person, is_part, person_of
from server.db.sessions import TryAgain, transaction
from server.errors import DomainError, SignInNeeded
from server.residents.errors import MergedInto
from server.web.problems import STATUS

# How a failure is told where no page tells it better: by the code of the catalogues.
TOLD_AS = {400: "bad-form", 403: "not-allowed", 404: "not-found", 405: "not-found",
           413: "too-large", 422: "unknown-filter", 429: "too-many", 503: "away"}  # fmt: skip
FAULT = "fault"


def register(app: Flask) -> None:
    """Let every failure of the app end in a page of ours."""
    app.register_error_handler(SignInNeeded, ask_to_sign_in)
    app.register_error_handler(MergedInto, lead_to_the_kept)
    app.register_error_handler(DomainError, show_refusal)
    app.register_error_handler(CSRFError, show_http_failure)
    for lost in (OperationalError, PoolTimeout, TryAgain):
        app.register_error_handler(lost, show_lost_database)
    app.register_error_handler(HTTPException, show_http_failure)


def ask_to_sign_in(_: SignInNeeded) -> Response:
    """Lead to the sign-in, and from there back to where one wanted to go."""
    wanted = request.full_path.rstrip("?")
    is_page = request.method == "GET" and not is_part()
    there = {"next": request.script_root + wanted} if is_page and wanted != "/" else {}
    address = url_for("identity.show_sign_in", **there)
    if is_part():
        response = make_response("", HTTPStatus.UNAUTHORIZED)
        response.headers["HX-Redirect"] = address
    else:
        response = redirect(address, HTTPStatus.SEE_OTHER)
    if cookies.token():
        cookies.forget_token(response)
    return response


def lead_to_the_kept(error: MergedInto) -> Response:
    """A file that was merged: its pages lead to those of the one that is kept."""
    if request.method != "GET" or "resident_id" not in (request.view_args or {}):
        return show_refusal(error)
    there = {**(request.view_args or {}), **error.facts}
    return redirect(url_for(request.endpoint or "", **there), HTTPStatus.SEE_OTHER)


def show_refusal(error: DomainError) -> Response:
    """A refusal that no form shows by itself."""
    return _answer(STATUS[error.kind])


def show_http_failure(error: HTTPException) -> Response:
    """An unknown page, a form without its guard, a fault of ours (which is logged by Flask)."""
    if error.response is not None:
        return error.response
    return _answer(HTTPStatus(error.code or 500))


def show_lost_database(_: Exception) -> Response:
    """The database is away for a moment; nothing was done."""
    response = _answer(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "10"
    return response


def _answer(status: HTTPStatus) -> Response:
    told = TOLD_AS.get(status, FAULT)
    if is_part():
        response = make_response(render_template("problem_part.html", told=told), status)
        response.headers.update({"HX-Retarget": "#live-problem", "HX-Reswap": "innerHTML"})
        return response
    person = _person() if status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    return make_response(render_template("problem.html", told=told, person=person), status)


def _person() -> Person | None:
    """Whose menu stands beside the message; without the database there is none."""
    try:
        with transaction(writes=False) as session:
            return person_of(session)
    except OperationalError:
        return None

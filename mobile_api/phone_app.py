"""The pages of the phone app, mounted at `/app`: its shell, its catalogues, its offline list.

Everything it shows comes from the phone API; this app only hands out files.
"""

from functools import lru_cache
from pathlib import PurePosixPath

from flask import (
    Flask,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
)
from flask_compress import Compress
from werkzeug.exceptions import NotFound

from mobile_api.phone_release import PHONE, RENDERED, Release
from server.i18n.catalogues import LANGUAGES, catalogue

REVALIDATE = "no-cache"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app() -> Flask:
    """Return the app that serves the phone's pages and files."""
    app = Flask("yinling.phone", static_folder=None, template_folder=str(PHONE))
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
        "application/manifest+json", "image/svg+xml",
    ]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    Compress(app)
    app.add_url_rule("/", view_func=show_shell)
    app.add_url_rule("/<path:path>", view_func=show_file_or_shell)
    app.add_url_rule("/style.css", view_func=show_stylesheet)
    app.add_url_rule("/sw.js", view_func=show_service_worker)
    app.add_url_rule("/precache.json", view_func=show_precache)
    app.add_url_rule("/catalogues/<language>.json", view_func=show_catalogue)
    app.register_error_handler(404, show_missing)
    app.after_request(add_headers)
    return app


@lru_cache(maxsize=8)
def release(base: str) -> Release:
    """The release served below an address; read from disk once."""
    return Release(base)


def _present() -> Release:
    return release(request.script_root)


def show_shell() -> Response:
    """The one page of the app; it finds its screen from the address."""
    page = render_template("index.html", base=request.script_root, modules=_present().modules)
    return _with_etag(make_response(page))


def show_file_or_shell(path: str) -> Response:
    """A file of the app, or its page for any address without a file's ending."""
    if not PurePosixPath(path).suffix:
        return show_shell()
    if PurePosixPath(path).name in RENDERED:
        abort(404)
    response = send_from_directory(PHONE, path, conditional=True)
    response.headers["Cache-Control"] = REVALIDATE
    return response


def show_stylesheet() -> Response:
    return _with_etag(Response(_present().stylesheet, mimetype="text/css"))


def show_service_worker() -> Response:
    """The worker with the release written into it, so that a new release is a new worker."""
    script = render_template("sw.js", release=_present().version)
    response = _with_etag(Response(script, mimetype="text/javascript"))
    response.headers["Service-Worker-Allowed"] = f"{request.script_root}/"
    return response


def show_precache() -> Response:
    """What a phone keeps for when there is no network."""
    files = [{"url": file.url, "digest": file.digest} for file in _present().kept_files]
    return _with_etag(jsonify(version=_present().version, files=files))


def show_catalogue(language: str) -> Response:
    """The app's texts in one language, by their English sentence."""
    if language not in LANGUAGES:
        raise NotFound
    return _with_etag(jsonify(catalogue(language, "phone")))


def show_missing(_: NotFound) -> tuple[str, int]:
    return render_template("404.html", base=request.script_root), 404


def add_headers(response: Response) -> Response:
    """Allow nothing but our own files, and no inline script or style."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _with_etag(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = REVALIDATE
    return response.make_conditional(request)  # type: ignore[return-value]

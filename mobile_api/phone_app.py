"""The pages of the phone app, mounted at `/app`: its shell, its catalogues, its offline list.

Everything it shows comes from the phone API; this app only hands out files.
"""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
)
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from mobile_api.phone_release import PHONE, RENDERED, Release
from mobile_api.phone_texts import first_texts, later_texts
from server.i18n.catalogues import LANGUAGES
from server.settings import settings
from server.web.access import open_to_all
from server.web.headers import add_security_headers, compress
from server.web.json_provider import OrjsonProvider
from server.web.vendored import send_vendored

REVALIDATE = "no-cache"
FILE_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


def create_app() -> Flask:
    """Return the app that serves the phone's pages and files."""
    app = Flask("yinling.phone", static_folder=None, template_folder=str(PHONE))
    app.json = OrjsonProvider(app)
    add_security_headers(app)
    compress(app)
    app.add_url_rule("/", view_func=show_shell)
    app.add_url_rule("/<path:path>", view_func=show_file_or_shell)
    app.add_url_rule("/style.css", view_func=show_stylesheet)
    app.add_url_rule("/sw.js", view_func=show_service_worker)
    app.add_url_rule("/precache.json", view_func=show_precache)
    app.add_url_rule("/leaflet/<any('leaflet.js', 'leaflet.css'):name>", view_func=show_leaflet)
    app.add_url_rule("/firebase/<name>", view_func=show_firebase)
    app.add_url_rule("/catalogues/<language>.json", view_func=show_catalogue)
    app.add_url_rule("/catalogues/<language>.later.json", view_func=show_later_catalogue)
    app.register_error_handler(404, show_missing)
    return app


@lru_cache(maxsize=8)
def release(base: str) -> Release:
    """The release served below an address; read from disk once a process."""
    return Release(base, settings().hotline)


def _present() -> Release:
    return release(request.script_root)


@open_to_all
def show_shell() -> Response:
    """The one page of the app; it finds its screen from the address."""
    page = render_template(
        "index.html",
        base=request.script_root,
        modules=_present().modules,
        hotline=settings().hotline,
        tiles_url=settings().tiles_url,
        tiles_credit=settings().tiles_credit,
    )
    return _with_etag(make_response(page))


@open_to_all
def show_file_or_shell(path: str) -> Response:
    """A file of the app, or its page for any address without a file's ending."""
    ending = PurePosixPath(path).suffix
    if not ending:
        return show_shell()

    found = safe_join(str(PHONE), path)
    if ending not in FILE_TYPES or path in RENDERED or not found or not Path(found).is_file():
        raise NotFound
    return _with_etag(Response(Path(found).read_bytes(), mimetype=FILE_TYPES[ending]))


@open_to_all
def show_stylesheet() -> Response:
    return _with_etag(Response(_present().stylesheet, mimetype="text/css"))


@open_to_all
def show_service_worker() -> Response:
    """The worker with the release written into it, so that a new release is a new worker."""
    script = render_template("sw.js", release=_present().version)
    response = _with_etag(Response(script, mimetype="text/javascript"))
    response.headers["Service-Worker-Allowed"] = f"{request.script_root}/"
    return response


@open_to_all
def show_leaflet(name: str) -> Response:
    """The library of maps; a phone asks for it when somebody opens the map, and not before."""
    return send_vendored("leaflet", name)


@open_to_all
def show_firebase(name: str) -> Response:
    """The library of pushes; a phone asks for it when somebody wants notices, and not before."""
    return send_vendored("firebase", name)


@open_to_all
def show_precache() -> Response:
    """What a phone keeps for when there is no network."""
    files = [{"url": file.url, "digest": file.digest} for file in _present().kept_files]
    return _with_etag(jsonify(version=_present().version, files=files))


@open_to_all
def show_catalogue(language: str) -> Response:
    """The texts of the first load in one language, by their English sentence."""
    if language not in LANGUAGES:
        raise NotFound
    return _with_etag(jsonify(first_texts(language)))


@open_to_all
def show_later_catalogue(language: str) -> Response:
    """The texts that only rarely opened screens need."""
    if language not in LANGUAGES:
        raise NotFound
    return _with_etag(jsonify(later_texts(language)))


def show_missing(_: NotFound) -> tuple[str, int]:
    return render_template("404.html", base=request.script_root), 404


def _with_etag(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = REVALIDATE
    return response.make_conditional(request)  # type: ignore[return-value]

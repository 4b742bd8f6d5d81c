"""The pages of the counter, mounted at `/app/counter`: its shell, its words, its offline list.

Everything it shows comes from the phone API; this app only hands out files.
"""

import hashlib
from functools import lru_cache
from pathlib import Path, PurePosixPath

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from mobile_api.phone_release import DESIGN, PHONE
from server.i18n.catalogues import LANGUAGES, catalogue
from server.web.access import open_to_all
from server.web.headers import add_security_headers, compress
from server.web.json_provider import OrjsonProvider
from server.web.stylesheets import flattened
from server.web.vendored import send_vendored

PAGE = Path(__file__).parent / "counter_page"
FILE_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
RENDERED = {"index.html", "sw.js"}
OF_THE_PHONE = ("base", "clock", "connection", "dom", "i18n", "keep", "shrink", "way")
VENDORED = {"jsqr": "jsQR.js", "noble-ed25519": "index.js"}


def create_app() -> Flask:
    """Return the app that serves the counter's page and files."""
    app = Flask("yinling.counter", static_folder=None, template_folder=str(PAGE))
    app.json = OrjsonProvider(app)
    add_security_headers(app)
    compress(app)
    app.add_url_rule("/", view_func=show_shell)
    app.add_url_rule("/<path:path>", view_func=show_file)
    app.add_url_rule("/style.css", view_func=show_stylesheet)
    app.add_url_rule("/sw.js", view_func=show_service_worker)
    app.add_url_rule("/vendor/<library>/<name>", view_func=show_vendored)
    app.add_url_rule("/catalogues/<language>.json", view_func=show_catalogue)
    return app


@open_to_all
def show_shell() -> Response:
    """The one page of the counter."""
    return _with_etag(make_response(render_template("index.html", base=request.script_root)))


@open_to_all
def show_file(path: str) -> Response:
    """A file of the counter."""
    ending = PurePosixPath(path).suffix
    found = safe_join(str(PAGE), path)
    if ending not in FILE_TYPES or path in RENDERED or not found or not Path(found).is_file():
        raise NotFound
    return _with_etag(Response(Path(found).read_bytes(), mimetype=FILE_TYPES[ending]))


@open_to_all
def show_stylesheet() -> Response:
    """The design system's styles and the counter's own, as one file."""
    return _with_etag(Response(_stylesheet(), mimetype="text/css"))


@open_to_all
def show_service_worker() -> Response:
    """The worker with its list of files and the release written into it."""
    files = _kept(request.script_root)
    script = render_template("sw.js", release=_release(), files=files)
    response = _with_etag(Response(script, mimetype="text/javascript"))
    response.headers["Service-Worker-Allowed"] = f"{request.script_root}/"
    return response


@open_to_all
def show_vendored(library: str, name: str) -> Response:
    """A library that reads codes or checks signatures where the browser cannot."""
    if VENDORED.get(library) != name:
        raise NotFound
    return send_vendored(library, name)


@open_to_all
def show_catalogue(language: str) -> Response:
    """The counter's texts in one language, by their English sentence."""
    if language not in LANGUAGES:
        raise NotFound
    return _with_etag(jsonify(catalogue(language, "counter")))


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return flattened(DESIGN / "phone.css") + (PAGE / "page.css").read_text("utf-8")


def _kept(base: str) -> list[str]:
    """What a tablet keeps for when there is no network."""
    phone = base.removesuffix("/counter")
    return [
        f"{base}/",
        f"{base}/style.css",
        *(f"{base}/catalogues/{language}.json" for language in LANGUAGES),
        *(f"{base}/{path.name}" for path in _own_files()),
        *(f"{base}/vendor/{library}/{name}" for library, name in VENDORED.items()),
        *(f"{phone}/lib/{name}.js" for name in OF_THE_PHONE),
        "/design/icons.svg",
        "/design/brand.svg",
    ]


def _own_files() -> list[Path]:
    return sorted(
        path for path in PAGE.iterdir() if path.suffix in FILE_TYPES and path.name not in RENDERED
    )


@lru_cache(maxsize=1)
def _release() -> str:
    """Changes when any kept file changes."""
    kept = [
        *_own_files(),
        PAGE / "index.html",
        *(PHONE / f"lib/{name}.js" for name in OF_THE_PHONE),
    ]
    parts = [path.read_bytes() for path in kept]
    parts += [_stylesheet().encode(), (DESIGN / "icons.svg").read_bytes()]
    parts += [repr(sorted(catalogue(name, "counter").items())).encode() for name in LANGUAGES]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _with_etag(response: Response) -> Response:
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)  # type: ignore[return-value]

"""The libraries of other people's that our pages load: from our own house, byte for byte."""

import mimetypes
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

VENDOR = Path(__file__).parent / "vendor"


def send_vendored(library: str, name: str) -> Response:
    """Return a file of a library, compressed, asked for again each time and answered 304."""
    found = safe_join(str(VENDOR / library), name)
    if found is None or not Path(found).is_file():
        raise NotFound()
    kind, _ = mimetypes.guess_type(name)
    response = Response(Path(found).read_bytes(), mimetype=kind or "text/plain")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response

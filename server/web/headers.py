"""What every answer carries so that a browser guards the page, and how answers are made small."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_compress import Compress

from server.settings import settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The console's form guard reads the referrer of our own pages; nobody else learns it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
FIREBASE = (
    "https://firebaseinstallations.googleapis.com",
    "https://fcmregistrations.googleapis.com",
)

SMALL_ENOUGH_BYTES = 500
WORTH_COMPRESSING = [
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "application/javascript",
    "text/javascript",
    "text/css",
    "text/html",
    "text/plain",
    "image/svg+xml",
]


def add_security_headers(app: Flask) -> None:
    """Let only our own files run on the app's pages, and nobody frame, sniff or open them.

    No inline script or style is allowed; a view may set a header itself, and then its word stands.
    """
    headers = HEADERS | {"Content-Security-Policy": _policy()}

    @app.after_request
    def guard(response: Response) -> Response:
        spoken_for = {name.lower() for name, _ in response.headers}
        for name, value in headers.items():
            if name.lower() not in spoken_for:
                response.headers.add(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        return response


def _policy() -> str:
    return content_security_policy(settings().tiles_url, pushes=bool(settings().fcm_web))


def content_security_policy(tiles_url: str = "", *, pushes: bool = False) -> str:
    """Return what our pages may load: our own files, and pictures of the map's host if one is set.

    No page may be given anything else of that host, and nothing is told to it but an address.
    Where the city sends pushes, a page may ask Firebase for the name of its installation.
    """
    address = urlsplit(tiles_url)
    pictures = f" {address.scheme}://{address.netloc}" if tiles_url else ""
    asked = f"connect-src 'self' {' '.join(FIREBASE)}; " if pushes else ""
    return (
        f"default-src 'self'; img-src 'self' data:{pictures}; {asked}object-src 'none';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def compress(app: Flask) -> None:
    """Send text and JSON compressed where the reader takes it, under the same ETag as plain.

    Call it before `after_request` functions that look at the body: Flask runs the last one first.
    """
    app.config["COMPRESS_MIMETYPES"] = WORTH_COMPRESSING
    app.config["COMPRESS_MIN_SIZE"] = SMALL_ENOUGH_BYTES
    Compress(app)
    app.after_request(_weaken_etag)


def _weaken_etag(response: Response) -> Response:
    """Runs before compression: one weak ETag names the plain and the compressed answer alike."""
    etag, is_weak = response.get_etag()
    if etag and not is_weak:
        response.set_etag(etag, weak=True)
    return response

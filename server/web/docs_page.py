"""The docs page of an API: Swagger UI from our own files, beside the OpenAPI document."""

from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory

from server.web.access import open_to_all

FILES = Path(__file__).parent / "vendor" / "swagger-ui"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true});"""

# Swagger UI writes style attributes and draws its arrows as data images.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


def add_docs(app: Flask) -> None:
    """Serve `docs` beside `openapi.json`."""
    pages = Blueprint("docs", __name__)

    @pages.get("/docs")
    @open_to_all
    def show_docs() -> Response:
        response = Response(PAGE.format(title=app.config["API_TITLE"]), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @pages.get("/docs/start.js")
    @open_to_all
    def start() -> Response:
        return Response(START, mimetype="text/javascript")

    @pages.get("/docs/<path:name>")
    @open_to_all
    def show_file(name: str) -> Response:
        return send_from_directory(FILES, name, max_age=86_400)

    app.register_blueprint(pages)

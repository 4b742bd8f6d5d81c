"""A constant answer: the floor that benchmarks hold other answers against."""

from flask import Response

from server.web.access import open_to_all
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint("ping", __name__, url_prefix="/v1/ping", description="Is it there?")


@blueprint.get("")
@blueprint.response(200)
@blueprint.doc(operationId="ping")
@open_to_all
def ping() -> Response:
    """Answer with a constant"""
    return Response(b'{"pong":true}', mimetype="application/json")

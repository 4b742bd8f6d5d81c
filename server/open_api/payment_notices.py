"""What payment providers tell by themselves. They hold no key of ours: they sign what they say."""

import orjson
from flask import Response, request
from sqlmodel import Session

from server.db.sessions import KeptRefusal
from server.errors import NotFound
from server.payments.errors import NoticeForged, NoticeRefused
from server.payments.models import Verdict
from server.payments.noticing import take_notice
from server.payments.providing import provider_named
from server.web.access import at_the_door
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "payment_notices",
    __name__,
    url_prefix="/v1/payments",
    description="Signed notices of payment providers.",
)
LONGEST_HEADER = 200
TRUE = (Verdict.TAKEN, Verdict.KNOWN)
UNSIGNED = (Verdict.FORGED, Verdict.STALE)


@blueprint.post("/<provider>/notices")
@at_the_door
@blueprint.doc(
    operationId="takePaymentNotice",
    security=[],
    responses={"200": {"description": "Taken, or known already: it need not be sent again."}},
    description="The body as the provider signs it. What is not believed is kept as evidence.",
)
def take(*, provider: str, session: Session) -> Response:
    """Take in what a provider tells of a payment"""
    held = provider_named(provider)
    if held is None:
        raise NotFound()
    headers = {name: request.headers.get(name, "")[:LONGEST_HEADER] for name in held.signed_headers}
    verdict = take_notice(session, held, headers, request.get_data())
    if verdict in UNSIGNED:
        raise KeptRefusal(NoticeForged())
    if verdict not in TRUE:
        raise KeptRefusal(NoticeRefused(verdict=verdict.value))
    return Response(orjson.dumps({"verdict": verdict.value}), mimetype="application/json")

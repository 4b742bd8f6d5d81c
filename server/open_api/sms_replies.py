"""What operators answer by text message, handed over by the gateway that received it."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlmodel import Session

from server.facilities.returns.replies import take_reply
from server.i18n.catalogues import DEFAULT_LANGUAGE, in_language, pgettext
from server.identity.scopes import SMS_REPLIES
from server.open_api.keyed import PURPOSE_HEADER, say_rows, writes_with_key
from server.people.errors import ContactPhoneUnusable
from server.people.papers import read_contact_phone
from server.web.blueprints import StrictBlueprint, StrictSchema

blueprint = StrictBlueprint(
    "sms_replies",
    __name__,
    url_prefix="/v1/sms-replies",
    description="Text messages that operators send; for the gateway, which holds a key.",
)


class SmsReplySchema(StrictSchema):
    phone = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=30))
    text = ma.fields.String(required=True, validate=ma.validate.Length(max=500))


class SmsAnswerSchema(ma.Schema):
    reply = ma.fields.String(
        metadata={"description": "The sentence to send back to the number that wrote."}
    )


@blueprint.post("")
@writes_with_key(SMS_REPLIES)
@blueprint.arguments(SmsReplySchema)
@blueprint.alt_response(200, schema=SmsAnswerSchema)
@blueprint.doc(
    operationId="takeSmsReply",
    security=[{"key": []}],
    parameters=[PURPOSE_HEADER],
    description="`0` files the same as yesterday, `37/2` files 37 occupied and 2 on leave. Every"
    " message has an answer in words; the same message handed over twice files once.",
)
def take(body: dict[str, Any], *, fields: list[str], session: Session) -> Response:
    """Take one text message and answer with the sentence to send back"""
    answer = take_reply(session, phone=_as_kept(body["phone"]), text=body["text"])
    with in_language(answer.language or DEFAULT_LANGUAGE):
        sentence = pgettext("sms_reply", answer.reply.value, **answer.facts)
    return say_rows(jsonify({"reply": sentence}), 1)


def _as_kept(phone: str) -> str:
    """The number as the register keeps it; one that cannot be is nobody's."""
    try:
        return read_contact_phone(phone)
    except ContactPhoneUnusable:
        return ""

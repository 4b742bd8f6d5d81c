"""One's own messages: reading them, choosing among them, and devices that show them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session

from mobile_api.messages.schemas import (
    ChooseMessagesSchema,
    ForgetPushDeviceSchema,
    MessageSchema,
    MessagesSchema,
    MessageWishesSchema,
    PushConfigSchema,
    PushDeviceSchema,
)
from server.notifications import inbox, wishes
from server.notifications.inbox import Letter
from server.settings import settings
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pages import PageArgs, page_of, read_cursor

blueprint = StrictBlueprint(
    "messages", __name__, url_prefix="/v1", description="What one was written."
)
PERMISSION = "messages.see-own"


@blueprint.get("/messages")
@reads(PERMISSION)
@blueprint.arguments(PageArgs, location="query")
@blueprint.response(200, MessagesSchema)
@blueprint.doc(operationId="listMessages")
def list_messages(query: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List one's own messages, the latest first"""
    after = read_cursor(query["cursor"], datetime.fromisoformat, int)
    limit = query["limit"]
    rows = inbox.list_letters(session, after=after, limit=limit + 1)
    found = page_of(rows, limit=limit, key=_key)
    items = [asdict(letter) for letter in found["items"]]
    return {**found, "items": items, "unread": inbox.count_unread(session)}


@blueprint.put("/messages/<int:message_id>/reading")
@writes(PERMISSION)
@blueprint.response(200, MessageSchema)
@blueprint.doc(operationId="readMessage")
def read_message(*, message_id: int, session: Session) -> dict[str, Any]:
    """Note that one has opened it; what would still be sent of it is not sent any more"""
    return asdict(inbox.open_letter(session, message_id))


@blueprint.get("/message-wishes")
@reads(PERMISSION)
@blueprint.response(200, MessageWishesSchema)
@blueprint.doc(operationId="listMessageWishes")
def list_message_wishes(*, session: Session) -> dict[str, Any]:
    """List by which ways one is written to, group by group"""
    return {"items": [asdict(wish) for wish in wishes.list_wishes(session)]}


@blueprint.put("/message-wishes")
@writes(PERMISSION)
@blueprint.arguments(ChooseMessagesSchema)
@blueprint.response(200, MessageWishesSchema)
@blueprint.doc(operationId="chooseMessages")
def choose_messages(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Want a group of messages by a way, or no more; they stay in the inbox"""
    wishes.choose(session, **command)
    return {"items": [asdict(wish) for wish in wishes.list_wishes(session)]}


@blueprint.get("/push-config")
@reads(PERMISSION)
@blueprint.response(200, PushConfigSchema)
@blueprint.doc(operationId="getPushConfig")
def get_push_config(*, session: Session) -> dict[str, Any]:
    """Show whether this city sends pushes, and what a page needs to take them"""
    web = settings().fcm_web
    return {"is_configured": bool(web), "settings": orjson.loads(web) if web else {}}


@blueprint.put("/push-devices")
@writes(PERMISSION)
@blueprint.arguments(PushDeviceSchema)
@blueprint.response(204)
@blueprint.doc(operationId="registerPushDevice")
def register_push_device(command: dict[str, Any], *, session: Session) -> None:
    """Let this device show one's messages"""
    wishes.register_device(session, **command)


@blueprint.post("/push-devices/removal")
@writes(PERMISSION)
@blueprint.arguments(ForgetPushDeviceSchema)
@blueprint.response(204)
@blueprint.doc(operationId="forgetPushDevice")
def forget_push_device(command: dict[str, Any], *, session: Session) -> None:
    """Let one of one's own devices show no more messages"""
    wishes.forget_device(session, command["value"])


def _key(letter: Letter) -> tuple[str, int]:
    return letter.at.isoformat(), letter.id

"""How a message leaves the house: one port, and the gateways behind it."""

import orjson

from scheduler.gateways.aliyun import AliyunGateway
from scheduler.gateways.http import HttpGateway
from scheduler.gateways.mail import Mailer
from scheduler.gateways.port import (
    ANSWER_WITHIN_S,
    CONNECT_WITHIN_S,
    Gateway,
    NotAllowed,
    Refused,
    TextMessage,
    TryLater,
    pause_asked_for,
)
from scheduler.gateways.printing import PrintingGateway
from server.settings import Environment, Settings, SmsGateway

__all__ = [
    "ANSWER_WITHIN_S",
    "CONNECT_WITHIN_S",
    "AliyunGateway",
    "Gateway",
    "HttpGateway",
    "Mailer",
    "NotAllowed",
    "PrintingGateway",
    "Refused",
    "TextMessage",
    "TryLater",
    "gateway_for",
    "mailer_for",
    "pause_asked_for",
]


def gateway_for(settings: Settings) -> Gateway:
    """Return the gateway for text messages that the settings name."""
    if settings.sms_gateway is SmsGateway.HTTP:
        return HttpGateway(settings.sms_url)
    if settings.sms_gateway is SmsGateway.ALIYUN:
        return AliyunGateway(
            url=settings.sms_url or "https://dysmsapi.aliyuncs.com",
            key_id=settings.aliyun_key_id,
            secret=settings.aliyun_secret.get_secret_value(),
            sign_name=settings.aliyun_sign_name,
            templates=orjson.loads(settings.aliyun_templates),
        )
    return PrintingGateway(shows_text=settings.env is Environment.DEVELOPMENT)


def mailer_for(settings: Settings) -> Mailer | None:
    """Return who carries mail, or None where nobody does."""
    url = settings.smtp_url.get_secret_value()
    return Mailer(url, settings.mail_from) if url else None

"""When a message is sent, tried again or given up, and what it says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from server.i18n.catalogues import DEFAULT_LANGUAGE, LANGUAGES, catalogue
from server.notifications.errors import MessageUnusable

# How long a worker has for what it took. It begins no sending that could outlast its lease.
LEASE = timedelta(seconds=60)

# How long we wait after each failure before the next try; then the message has failed.
RETRY_LADDER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
)

_DELIVERIES = UUID("5d9a4f0e-6a0b-4c55-9d0c-14058e6b1a2f")

# What stands before every text message, so that its reader knows who writes.
SENDERS = ("【银龄】", "[Yinling] ", "Yinling: ")
# A text message of characters beyond ASCII has 70 of them, or 67 in each of several parts; one of
# plain characters 160, or 153 (3GPP TS 23.038).
WIDE, WIDE_PART = 70, 67
PLAIN, PLAIN_PART = 160, 153


def sms_parts(text: str) -> int:
    """Return how many text messages a provider makes of it, and charges."""
    whole, part = (PLAIN, PLAIN_PART) if text.isascii() else (WIDE, WIDE_PART)
    return 1 if len(text) <= whole else -(-len(text) // part)


def unsigned(text: str) -> str:
    """Return the text without its sender, for places that say it themselves."""
    for sender in SENDERS:
        text = text.removeprefix(sender)
    return text


def next_try_at(
    failures: int, *, now: datetime, at_least: timedelta | None = None
) -> datetime | None:
    """Return when to try again after this many failures, or None when the ladder has ended.

    A provider that asks for a longer pause is given it.
    """
    if failures > len(RETRY_LADDER):
        return None
    return now + max(RETRY_LADDER[failures - 1], at_least or timedelta())


def is_expired(expires_at: datetime | None, *, now: datetime) -> bool:
    """True when the message would only confuse whoever got it now."""
    return expires_at is not None and expires_at <= now


def delivery_id(city_code: str, message_id: int, due_at: datetime) -> UUID:
    """Return the id under which a provider knows the message, the same for every try.

    The due time is part of it: after a restore, numbers are given again to other messages.
    """
    return uuid5(_DELIVERIES, f"{city_code}/{message_id}/{due_at.timestamp()}")


def text_of(kind: str, *, language: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence a person receives; raises `MessageUnusable` rather than send a torso."""
    spoken = language if language in LANGUAGES else DEFAULT_LANGUAGE
    template = catalogue(spoken, "messages").get(f"message\x04{kind}")
    if template is None:
        raise MessageUnusable(f"no text in {spoken} for {kind}")
    try:
        return template.format_map(facts)
    except KeyError as missing:
        raise MessageUnusable(f"{kind} needs the fact {missing}") from missing

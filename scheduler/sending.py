"""One message by one way: what is handed to whom, and what became of it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from scheduler.gateways import Gateway, Mailer, NotAllowed, Refused, TextMessage, TryLater
from scheduler.push import Device, DeviceGone, Push, Pushes
from server import clock
from server.db.cities import current_city
from server.i18n.catalogues import gettext, in_language
from server.notifications import rules, service
from server.notifications.errors import MessageUnusable
from server.notifications.models import Channel
from server.notifications.outcomes import Failure
from server.notifications.reach import Owner, Reach
from server.notifications.service import Claimed
from server.secrets.fields import FieldUnreadable

NOBODY = Reach()
LONGEST_LIFE = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How it went with one message: not begun, sent, skipped for a reason, or failed."""

    message: Claimed
    is_begun: bool = True
    failure: Failure | None = None
    skipped: str | None = None
    provider_id: str = ""
    not_let_in: bool = False
    gone: Sequence[str] = ()

    @property
    def word(self) -> str:
        """The outcome in one word, for counting."""
        if not self.is_begun:
            return "put_back"
        if self.skipped is not None:
            return "skipped"
        return "sent" if self.failure is None else "failed"


@dataclass(frozen=True)
class Others:
    """Who carries messages beside text messages; None where nobody does."""

    pushes: Pushes | None = None
    mailer: Mailer | None = None
    link: str | None = None


NO_OTHERS = Others()


@dataclass(frozen=True)
class Ways:
    """Everything that one batch needs to be sent."""

    gateway: Gateway
    others: Others = NO_OTHERS
    reaches: Mapping[Owner, Reach] = field(default_factory=dict)

    def send(self, unit: Sequence[Claimed]) -> Sequence[Outcome]:
        """Send the messages of one unit, all by the same way."""
        todo: list[Claimed] = []
        done: list[Outcome] = []
        for message in unit:
            reason = self._why_not(message)
            if reason is None:
                todo.append(message)
            else:
                done.append(Outcome(message, skipped=reason))
        if unit[0].channel is Channel.PUSH:
            return [*done, *self._push(todo)]
        return [*done, *(self._carry(message) for message in todo)]

    def _why_not(self, message: Claimed) -> str | None:
        """Return why this way is not taken for a message, or None."""
        owner = self._reach(message)
        if owner.refuses(message):
            return "not-wished"
        if message.channel is Channel.PUSH:
            return _first(("no-push", self.others.pushes is None), ("no-device", not owner.devices))
        if message.channel is Channel.EMAIL:
            return _first(
                ("no-mail", self.others.mailer is None), ("no-address", not owner.address)
            )
        return None

    def _reach(self, message: Claimed) -> Reach:
        return self.reaches.get((message.account_id, message.staff_id), NOBODY)

    def _carry(self, message: Claimed) -> Outcome:
        """Send one message by text or mail, and say how it went, whatever breaks."""
        if rules.is_expired(message.expires_at, now=clock.now()):
            return Outcome(message, failure=Failure(message, "expired", is_final=True))
        try:
            provider_id = self._hand_over(message)
        except Exception as error:
            return _failed(message, error)
        return Outcome(message, provider_id=provider_id or "")

    def _hand_over(self, message: Claimed) -> str | None:
        if message.channel is Channel.EMAIL:
            return self._mail(message)
        if not message.phone.startswith("+"):
            raise Refused("no-phone")
        return self.gateway.send(
            TextMessage(
                delivery_id=_delivery_id(message),
                phone=message.phone,
                text=service.text_of(message),
                kind=message.kind,
                facts=service.facts_of(message),
            )
        )

    def _mail(self, message: Claimed) -> str:
        assert self.others.mailer is not None
        with in_language(message.language):
            subject = gettext("Yinling: a message for you")
        return self.others.mailer.send(
            _delivery_id(message),
            address=self._reach(message).address or "",
            subject=subject,
            text=rules.unsigned(service.text_of(message)),
        )

    def _push(self, messages: Sequence[Claimed]) -> Sequence[Outcome]:
        """Hand the pushes of many messages over at once, one for each device."""
        ready: list[tuple[Claimed, Push]] = []
        done: list[Outcome] = []
        for message in messages:
            try:
                ready += [(message, push) for push in self._pushes_of(message)]
            except Exception as error:
                done.append(_failed(message, error))
        carrier = self.others.pushes
        told = carrier.send_each([push for _, push in ready]) if carrier and ready else []
        by_message: dict[Claimed, list[tuple[str, str | Exception]]] = {}
        for (message, push), answer in zip(ready, told, strict=True):
            by_message.setdefault(message, []).append((push.device.value, answer))
        return [*done, *(_pushed(message, told) for message, told in by_message.items())]

    def _pushes_of(self, message: Claimed) -> Sequence[Push]:
        if rules.is_expired(message.expires_at, now=clock.now()):
            raise Refused("expired")
        text, now = rules.unsigned(service.text_of(message)), clock.now()
        with in_language(message.language):
            title = gettext("Yinling")
        lives = min((message.expires_at or now + LONGEST_LIFE) - now, LONGEST_LIFE)
        return [
            Push(
                delivery_id=str(_delivery_id(message)),
                device=Device(device.kind, device.value),
                title=title,
                body=text,
                link=self.others.link,
                lives=lives,
            )
            for device in self._reach(message).devices
        ]


def _pushed(message: Claimed, told: Sequence[tuple[str, str | Exception]]) -> Outcome:
    """One device that has it is enough; devices without the app are told of to be forgotten."""
    gone = [value for value, answer in told if isinstance(answer, DeviceGone)]
    taken = [answer for _, answer in told if isinstance(answer, str)]
    if taken:
        return Outcome(message, provider_id=taken[0], gone=gone)
    errors = [answer for _, answer in told if isinstance(answer, Exception)]
    later = [error for error in errors if isinstance(error, TryLater)]
    outcome = _failed(message, (later or errors)[0])
    return Outcome(message, failure=outcome.failure, not_let_in=outcome.not_let_in, gone=gone)


def _failed(message: Claimed, error: Exception) -> Outcome:
    reason = str(error.args[0]) if isinstance(error, Refused | TryLater) else type(error).__name__
    if isinstance(error, Refused | MessageUnusable | FieldUnreadable):
        return Outcome(message, failure=Failure(message, reason, is_final=True))
    if isinstance(error, TryLater):
        return Outcome(
            message,
            failure=Failure(message, reason, pause=error.pause),
            not_let_in=isinstance(error, NotAllowed),
        )
    log.error("a gateway broke", exc_info=error, extra={"message_id": message.id})
    return Outcome(message, failure=Failure(message, reason))


def _delivery_id(message: Claimed) -> UUID:
    return rules.delivery_id(current_city(), message.id, message.due_at)


def _first(*reasons: tuple[str, bool]) -> str | None:
    return next((reason for reason, applies in reasons if applies), None)

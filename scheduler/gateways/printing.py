"""For whoever develops: messages on the screen."""

import sys

from scheduler.gateways.port import TextMessage
from server import masking


class PrintingGateway:
    """Writes messages to the screen of whoever develops; their words in development alone."""

    def __init__(self, *, shows_text: bool) -> None:
        self._shows_text = shows_text

    def send(self, message: TextMessage) -> None:
        words = message.text if self._shows_text else f"({message.kind})"
        sys.stdout.write(f"SMS to {masking.phone(message.phone)}: {words}\n")
        sys.stdout.flush()

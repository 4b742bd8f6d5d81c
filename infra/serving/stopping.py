"""How `serve` is told to stop: Ctrl-C, SIGTERM, or a terminal that was closed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop; raised once, wherever we are."""


@contextmanager
def stopping_on_signals(*, before: Callable[[], None]) -> Iterator[None]:
    """Raise `Stopped` at the first signal and end the block quietly; further ones are ignored.

    `before` is called first, for a word to whoever waits.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        before()
        raise Stopped

    handlers = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    except Stopped:
        pass
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

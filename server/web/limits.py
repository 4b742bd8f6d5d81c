"""How many requests a caller makes: counted in this process, in windows of fixed length.

`limits` brings such a store of its own. It starts a thread every 10 ms, which looks at every caller
there is: with 20,000 of them it took a third of the time of a booking. This one looks through its
windows now and then, in the request that comes just then.
"""

from threading import Lock

from limits.storage import Storage

from server import clock

STORE = "fixed-windows://"
SWEPT_EVERY_S = 30.0

Window = tuple[int, float]  # how many so far, and when it ends


class FixedWindows(Storage):
    """A store that `Limiter(storage_uri=STORE)` finds by its scheme."""

    STORAGE_SCHEME = ["fixed-windows"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._windows: dict[str, Window] = {}
        self._lock = Lock()
        self._swept_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong with the store: nothing."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the window of the key, which lasts `expiry` seconds."""
        now = clock.now().timestamp()
        with self._lock:
            self._sweep(now)
            count, ends = self._present(key, now)
            self._windows[key] = (count + amount, ends or now + expiry)
            return count + amount

    def get(self, key: str) -> int:
        """Return how many were counted in the present window."""
        return self._present(key, clock.now().timestamp())[0]

    def get_expiry(self, key: str) -> float:
        """Return when the present window ends, in seconds of the epoch."""
        now = clock.now().timestamp()
        return self._present(key, now)[1] or now

    def check(self) -> bool:
        """True: a store in the process is always there."""
        return True

    def reset(self) -> int | None:
        """Forget every caller; returns how many there were."""
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
            return count

    def clear(self, key: str) -> None:
        """Forget one caller."""
        with self._lock:
            self._windows.pop(key, None)

    def _present(self, key: str, now: float) -> Window:
        count, ends = self._windows.get(key, (0, 0.0))
        return (count, ends) if ends > now else (0, 0.0)

    def _sweep(self, now: float) -> None:
        if now - self._swept_at < SWEPT_EVERY_S:
            return
        self._windows = {key: one for key, one in self._windows.items() if one[1] > now}
        self._swept_at = now

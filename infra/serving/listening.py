"""Where the platform listens: whether the place is free, and when it answers."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

READY_WITHIN_S = 90.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class PortTaken(Exception):
    """Something else listens there already."""


class NeverReady(Exception):
    """The platform was started and does not become ready."""


@dataclass(frozen=True)
class Place:
    """An address to listen on, and the certificate if it is spoken to by https."""

    host: str
    port: int
    certificate: Path | None = None

    @property
    def near_host(self) -> str:
        """The host under which this machine itself reaches the place."""
        return ANYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The address for a browser on this machine, without a slash at its end."""
        return self.url_at(self.near_host)

    def url_at(self, host: str) -> str:
        """The address under another name of this machine."""
        scheme = "https" if self.certificate else "http"
        shown = f"[{host}]" if ":" in host else host
        return f"{scheme}://{shown}:{self.port}"

    def check_free(self) -> None:
        """Raise `PortTaken` where somebody listens, and `OSError` where nobody can."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise PortTaken(self.url) from error

    def await_ready(self, *, check: Callable[[], None], within_s: float = READY_WITHIN_S) -> None:
        """Return when `/readyz` says yes; `check` may raise meanwhile. Raises `NeverReady`."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            check()
            if self._is_ready():
                return
            time.sleep(0.05)
        raise NeverReady(self.url)

    def _is_ready(self) -> bool:
        connection = self._connection()
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self.certificate is None:
            return http.client.HTTPConnection(self.near_host, self.port, timeout=5)
        trust = ssl.create_default_context(cafile=str(self.certificate))
        return http.client.HTTPSConnection(self.near_host, self.port, timeout=5, context=trust)


def own_addresses() -> list[str]:
    """Return the addresses under which other devices in the same network may reach this machine."""
    found = set()
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Connecting a datagram socket sends nothing; it only asks which way a packet would take.
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((far, 9))
            except OSError:
                continue
            found.add(probe.getsockname()[0])
    return sorted(address for address in found if not ipaddress.ip_address(address).is_loopback)

"""Under which name and address passkeys are made and used."""

from urllib.parse import urlsplit

from flask import request

from server.identity.service.passkeys import House
from server.settings import settings

# Browsers let this name make passkeys without a certificate; an address in digits never may.
THIS_MACHINE = "localhost"


def passkey_house() -> House:
    """Return the settings' address, or, for trying, this machine by its name at the present port.

    What the browser claims as its host never decides: the name is ours in both cases.
    """
    told = settings().origin
    if told:
        return House(urlsplit(told).hostname or THIS_MACHINE, told)
    port = _present_port()
    return House(THIS_MACHINE, f"{request.scheme}://{THIS_MACHINE}{f':{port}' if port else ''}")


def is_in_the_house() -> bool:
    """True where this page was opened by the name that passkeys are bound to."""
    return request.host.partition(":")[0] == passkey_house().domain


def _present_port() -> int | None:
    try:
        return urlsplit(request.host_url).port
    except ValueError:  # Whoever makes a port up comes in by no passkey.
        return None

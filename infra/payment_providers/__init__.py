"""The adapters of payment providers, and which one the settings choose."""

from infra.payment_providers.sandbox import SandboxProvider
from server.payments.providing import Provider
from server.settings import Payments, Settings

MOUNT = "/sandbox-pay"
NOTICES = "/open/v1/payments/sandbox/notices"


def provider_for(settings: Settings) -> Provider | None:
    """Return the provider that the settings name; None where nobody pays by phone."""
    if settings.payments is not Payments.SANDBOX:
        return None
    here = address_here(settings)
    key = settings.payment_key.get_secret_value().encode()
    return SandboxProvider(f"{here}{MOUNT}", key=key, notify_url=f"{here}{NOTICES}")


def address_here(settings: Settings) -> str:
    """Return where this machine reaches its own web server."""
    everywhere = settings.host in ("0.0.0.0", "::", "")
    return f"http://{'127.0.0.1' if everywhere else settings.host}:{settings.port}"
